/* All of the board's words in English, area by area. An area is a page or a part of one. */

import { strings as account } from "./en/account.js";
import { strings as alerts } from "./en/alerts.js";
import { strings as assist } from "./en/assist.js";
import { strings as audit } from "./en/audit.js";
import { strings as bell } from "./en/bell.js";
import { strings as board } from "./en/board.js";
import { strings as desks } from "./en/desks.js";
import { strings as doors } from "./en/doors.js";
import { strings as handoff } from "./en/handoff.js";
import { strings as labels } from "./en/labels.js";
import { strings as reports } from "./en/reports.js";
import { strings as settings } from "./en/settings.js";
import { strings as talk } from "./en/talk.js";
import { strings as webhooks } from "./en/webhooks.js";
import { strings as whatif } from "./en/whatif.js";

export const strings = { ...board, ...account, ...alerts, ...assist, ...audit, ...bell, ...desks, ...doors, ...handoff, ...labels, ...reports, ...settings, ...talk, ...webhooks, ...whatif };
