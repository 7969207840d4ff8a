/**
 * Loaded before a program of a test: its wall clock is off by so many milliseconds. Timers are not, as on a machine
 * whose clock was set wrong.
 */
const shift = Number(process.env.CLOCK_SHIFT_MS)
const RealDate = Date

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + shift)
    else super(...given)
  }

  static now() {
    return RealDate.now() + shift
  }
}
