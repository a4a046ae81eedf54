/* A written conversation -> its messages said one by one, as if two people wrote them. */

const PACE_MS = 1300;
const BETWEEN_S = 40; // as far apart as they are told to the service: a pace at which people write

/** @typedef {{role: "customer"|"agent", text: string}} Line */

/** The examples of a language. @param {string} language @returns {Promise<{title: string, ends: string, turns: Line[]}[]>} */
export async function examplesOf(language) {
  const answer = await fetch(`/widget/demo/examples/${language}.json`);
  return answer.ok ? answer.json() : [];
}

export class Player {
  /** @param {{clear: () => void, say: (role: string, text: string, at: number) => Promise<unknown>, changed: () => void}} stage */
  constructor(stage) {
    this.stage = stage;
    this.rest = [];
    this.timer = 0;
  }

  get isPlaying() {
    return this.rest.length > 0;
  }

  /** Say a conversation from its beginning, in place of what is there. @param {Line[]} lines */
  play(lines) {
    this.stage.clear();
    const began = Date.now() / 1000 - lines.length * BETWEEN_S;
    this.rest = lines.map((line, i) => ({ ...line, at: began + i * BETWEEN_S }));
    this.step();
  }

  /** Say what is left at once. */
  finish() {
    clearTimeout(this.timer);
    for (const { role, text, at } of this.rest.splice(0)) this.stage.say(role, text, at);
    this.stage.changed();
  }

  stop() {
    clearTimeout(this.timer);
    this.rest = [];
  }

  async step() {
    const line = this.rest.shift();
    if (!line) return;
    await this.stage.say(line.role, line.text, line.at);
    this.stage.changed();
    if (this.isPlaying) this.timer = setTimeout(() => this.step(), PACE_MS);
  }
}
