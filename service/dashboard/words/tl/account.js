/* Who is signed in, and the way to the pages of administrators, in Filipino. Keys as in ../en/account.js. */

export const strings = {
  "nav.settings": "Mga setting",
  "nav.audit": "Audit log",
  "page.forbidden": "Hindi mabubuksan ng role mo ang page na ito",
  "person.signed": "Naka-sign in:",
  "person.signout": "Mag-sign out",
  "person.role.agent": "Agent",
  "person.role.supervisor": "Supervisor",
  "person.role.admin": "Admin",
};
