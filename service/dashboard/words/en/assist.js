/* The alert of a conversation, and the check of a reply, in English. */

export const strings = {
  "alertsection.heading": "Alert",
  "alertsection.past.one": "{n} earlier alert",
  "alertsection.past.other": "{n} earlier alerts",
  "draft.heading": "Check a reply",
  "draft.hint": "Checked while you type. Nothing is stored, and nothing is sent to the customer.",
  "draft.placeholder": "Type or insert what you want to say…",
  "draft.fine": "Nothing to reconsider",
  "draft.found.one": "{n} thing to reconsider",
  "draft.found.other": "{n} things to reconsider",
  "draft.use": "Use this wording",
  "draft.clear": "Clear",
  "draft.kind.calm_down": "Tells them to calm down.",
  "draft.kind.blame": "Blames the customer.",
  "draft.kind.dismissal": "Sends them away.",
  "draft.kind.negative_wording": "Only says no.",
  "draft.kind.jargon": "Jargon.",
  "draft.kind.address": "Form of address.",
  "draft.kind.repetition": "Said before.",
  "draft.kind.missing_apology": "No apology yet.",
  "draft.kind.unanswered_question": "A question is left open.",
};
