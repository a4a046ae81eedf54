/* Light, dark, or as the system says: the reader's choice, kept in this browser only. frame.css does the rest. */

const KEPT_UNDER = "evenkeel.theme";

export const THEMES = ["system", "light", "dark"];

/** The theme in force. */
export function theme() {
  const kept = localStorage.getItem(KEPT_UNDER);
  return THEMES.includes(kept) ? kept : "system";
}

/** Put a theme into force and keep it. @param {string} [chosen] */
export function applyTheme(chosen = theme()) {
  localStorage.setItem(KEPT_UNDER, chosen);
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}
