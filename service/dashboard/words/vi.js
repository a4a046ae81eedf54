/* All of the board's words in Vietnamese, area by area. An area is a page or a part of one. */

import { strings as account } from "./vi/account.js";
import { strings as alerts } from "./vi/alerts.js";
import { strings as assist } from "./vi/assist.js";
import { strings as audit } from "./vi/audit.js";
import { strings as bell } from "./vi/bell.js";
import { strings as board } from "./vi/board.js";
import { strings as desks } from "./vi/desks.js";
import { strings as doors } from "./vi/doors.js";
import { strings as handoff } from "./vi/handoff.js";
import { strings as labels } from "./vi/labels.js";
import { strings as reports } from "./vi/reports.js";
import { strings as settings } from "./vi/settings.js";
import { strings as talk } from "./vi/talk.js";
import { strings as webhooks } from "./vi/webhooks.js";
import { strings as whatif } from "./vi/whatif.js";

export const strings = { ...board, ...account, ...alerts, ...assist, ...audit, ...bell, ...desks, ...doors, ...handoff, ...labels, ...reports, ...settings, ...talk, ...webhooks, ...whatif };
