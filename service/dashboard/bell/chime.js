/* A kind of alert -> a short, calm sound, made here: two rising notes, for safety three that fall and come back.
 *
 * A browser lets a page sound only after a click or a key in it; until then `ready` is false. */

/* Frequency in Hz and start in seconds. */
const TUNES = {
  alert: [[587.33, 0], [880, 0.2]],
  safety: [[880, 0], [659.25, 0.24], [880, 0.48]],
};
const NOTE_S = 0.7;
const ATTACK_S = 0.02;
const LOUDEST = 0.4; // of what the loudspeaker can do, at full volume
const SILENT = 0.0001; // an exponential never reaches zero

/** The notes of a kind of alert. Pure. @param {"alert"|"safety"} kind @returns {{hz: number, at: number}[]} */
export function tune(kind) {
  return TUNES[kind].map(([hz, at]) => ({ hz, at }));
}

export class Chime {
  constructor() {
    this.context = null;
  }

  /** Whether this tab may sound now. */
  get ready() {
    return this.context?.state === "running";
  }

  /** Whether the browser can make sounds at all. */
  get possible() {
    return "AudioContext" in globalThis;
  }

  /** Get ready; call it while a click or a key is handled. */
  async unlock() {
    if (!this.possible) return;
    this.context ??= new AudioContext();
    if (this.context.state === "suspended") await this.context.resume();
  }

  /** @param {"alert"|"safety"} kind @param {number} volume 0..100 */
  play(kind, volume) {
    if (!this.ready || volume <= 0) return;
    for (const note of tune(kind)) this.sound(note, (LOUDEST * volume) / 100);
  }

  sound({ hz, at }, loudness) {
    const start = this.context.currentTime + at;
    const gain = this.context.createGain();
    gain.gain.setValueAtTime(SILENT, start);
    gain.gain.exponentialRampToValueAtTime(Math.max(SILENT, loudness), start + ATTACK_S);
    gain.gain.exponentialRampToValueAtTime(SILENT, start + NOTE_S);
    const note = this.context.createOscillator();
    note.frequency.value = hz;
    note.connect(gain).connect(this.context.destination);
    note.start(start);
    note.stop(start + NOTE_S);
  }
}
