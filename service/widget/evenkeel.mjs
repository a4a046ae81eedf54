/* The browser client as an ES module: `import { connect } from ".../widget/evenkeel.mjs"`. One source for both shapes. */

import "./evenkeel.js";

const { Evenkeel } = globalThis;

export default Evenkeel;
export const { connect, EvenkeelError } = Evenkeel;
