/** Time as the shop needs it: the hour, and a timer for those who wait for news. */
import { type Clock, systemClock, systemTimers, type Timers } from '../ports.ts'

export type ShopClock = Clock & Timers

export const systemShopClock: ShopClock = { ...systemClock, ...systemTimers }
