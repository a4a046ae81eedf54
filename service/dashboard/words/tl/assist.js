/* The alert of a conversation, and the check of a reply, in Filipino. */

export const strings = {
  "alertsection.heading": "Alerto",
  "alertsection.past.one": "{n} naunang alerto",
  "alertsection.past.other": "{n} naunang alerto",
  "draft.heading": "Suriin ang sagot",
  "draft.hint": "Sinusuri habang nagta-type ka. Walang itinatago at walang ipinapadala sa customer.",
  "draft.placeholder": "I-type o ilagay ang gusto mong sabihin…",
  "draft.fine": "Walang kailangang baguhin",
  "draft.found.one": "{n} bagay na dapat pag-isipan",
  "draft.found.other": "{n} bagay na dapat pag-isipan",
  "draft.use": "Gamitin ito",
  "draft.clear": "Burahin",
  "draft.kind.calm_down": "Pinapakalma ang customer.",
  "draft.kind.blame": "Sinisisi ang customer.",
  "draft.kind.dismissal": "Itinataboy ang customer.",
  "draft.kind.negative_wording": "Puro pagtanggi.",
  "draft.kind.jargon": "Mahirap intindihing salita.",
  "draft.kind.address": "Paraan ng pagtawag.",
  "draft.kind.repetition": "Nasabi na.",
  "draft.kind.missing_apology": "Wala pang paumanhin.",
  "draft.kind.unanswered_question": "May tanong na hindi nasagot.",
};
