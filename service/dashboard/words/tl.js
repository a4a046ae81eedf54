/* All of the board's words in Filipino, area by area. An area is a page or a part of one. */

import { strings as account } from "./tl/account.js";
import { strings as alerts } from "./tl/alerts.js";
import { strings as assist } from "./tl/assist.js";
import { strings as audit } from "./tl/audit.js";
import { strings as bell } from "./tl/bell.js";
import { strings as board } from "./tl/board.js";
import { strings as desks } from "./tl/desks.js";
import { strings as doors } from "./tl/doors.js";
import { strings as handoff } from "./tl/handoff.js";
import { strings as labels } from "./tl/labels.js";
import { strings as reports } from "./tl/reports.js";
import { strings as settings } from "./tl/settings.js";
import { strings as talk } from "./tl/talk.js";
import { strings as webhooks } from "./tl/webhooks.js";
import { strings as whatif } from "./tl/whatif.js";

export const strings = { ...board, ...account, ...alerts, ...assist, ...audit, ...bell, ...desks, ...doors, ...handoff, ...labels, ...reports, ...settings, ...talk, ...webhooks, ...whatif };
