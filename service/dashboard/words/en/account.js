/* Who is signed in, and the way to the pages of administrators, in English. English is the reference: every key is here. */

export const strings = {
  "nav.settings": "Settings",
  "nav.audit": "Audit log",
  "page.forbidden": "Your role may not open this page",
  "person.signed": "Signed in:",
  "person.signout": "Sign out",
  "person.role.agent": "Agent",
  "person.role.supervisor": "Supervisor",
  "person.role.admin": "Administrator",
};
