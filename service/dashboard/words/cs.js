/* All of the board's words in Czech, area by area. An area is a page or a part of one. */

import { strings as account } from "./cs/account.js";
import { strings as alerts } from "./cs/alerts.js";
import { strings as assist } from "./cs/assist.js";
import { strings as audit } from "./cs/audit.js";
import { strings as bell } from "./cs/bell.js";
import { strings as board } from "./cs/board.js";
import { strings as desks } from "./cs/desks.js";
import { strings as doors } from "./cs/doors.js";
import { strings as handoff } from "./cs/handoff.js";
import { strings as labels } from "./cs/labels.js";
import { strings as reports } from "./cs/reports.js";
import { strings as settings } from "./cs/settings.js";
import { strings as talk } from "./cs/talk.js";
import { strings as webhooks } from "./cs/webhooks.js";
import { strings as whatif } from "./cs/whatif.js";

export const strings = { ...board, ...account, ...alerts, ...assist, ...audit, ...bell, ...desks, ...doors, ...handoff, ...labels, ...reports, ...settings, ...talk, ...webhooks, ...whatif };
