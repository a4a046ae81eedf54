/* Who is signed in, and the way to the pages of administrators, in Czech. Keys as in ../en/account.js. */

export const strings = {
  "nav.settings": "Nastavení",
  "nav.audit": "Záznam změn",
  "page.forbidden": "S vaší rolí tuto stránku nelze otevřít",
  "person.signed": "Přihlášen(a):",
  "person.signout": "Odhlásit se",
  "person.role.agent": "Operátor",
  "person.role.supervisor": "Vedoucí",
  "person.role.admin": "Správce",
};
