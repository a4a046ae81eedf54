/* What a reader chooses for this browser, in the bar: light or dark, and the language. */

import { byId, h } from "./dom.js";
import { keepLanguage, LANGUAGE_NAMES } from "./strings.js";
import { applyTheme, theme, THEMES } from "./theme.js";

/** Fill both choices. @param {string} language the one in use */
export function offerChoices(language) {
  const themes = THEMES.map((name) => h("option", { value: name, "data-t": `theme.${name}` }, name));
  offer("page-theme", themes, theme(), applyTheme);
  const languages = Object.entries(LANGUAGE_NAMES).map(([code, name]) => h("option", { value: code, lang: code }, name));
  offer("page-language", languages, language, (chosen) => {
    keepLanguage(chosen);
    location.reload();
  });
}

function offer(id, options, current, choose) {
  const select = byId(id);
  select.replaceChildren(...options);
  select.value = current;
  select.addEventListener("change", () => choose(select.value));
}
