/**
 * Time for the HTTP interface: the hour and a timer, as one argument.
 */
import type { Clock as Hour, Timers } from '../ports.ts'

export interface Clock extends Hour, Timers {}
