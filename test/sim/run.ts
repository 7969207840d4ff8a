/**
 * One seed from its beginning to its end: a time of faults in which people buy, type numbers and join, then a time
 * without faults in which all must come to rest, then the checks.
 */
import './seeded-crypto.ts'
import { check } from './check.ts'
import { Departures } from './departures.ts'
import { Faults } from './faults.ts'
import { People } from './people.ts'
import { Spreadsheets } from './spreadsheets.ts'
import { Undoers } from './undoers.ts'
import { restlessness } from './rest.ts'
import { World } from './world.ts'

/** How long a small world may take to found its network before faults come. */
const peaceMsMax = 15_000
/** How long the world may take to come to rest without faults, and how often it is looked at, by its own time. */
const restMsMax = 300_000
const lookMs = 500
/** A world that does more than this is talking to itself for ever; they take 2,600 on the average, and 8,400 at most. */
const eventsMax = 60_000

/** Throws `SimFailure` where something that must hold does not. */
export async function runSeed(seed: number): Promise<World> {
  return await live(new World(seed), false)
}

/** As `runSeed`, in a world in which shops leave, often several at once; theirs are other seeds. */
export async function runGoodbyes(seed: number): Promise<World> {
  return await live(new World(seed, { hasSpreadsheets: false }), true)
}

async function live(world: World, saysGoodbye: boolean): Promise<World> {
  const people = new People(world)
  const faults = new Faults(world)
  const undoers = new Undoers(world)
  const departures = new Departures(world, people, { saysGoodbye })
  const spreadsheets = new Spreadsheets(world)
  await people.fill()
  for (const node of world.nodes) node.start()
  people.begin()
  const storms = (): boolean => world.time.events > eventsMax
  if (world.isSmall) await world.time.run(peaceMsMax, () => people.haveJoined)
  const mayDepart = departures.occur && !spreadsheets.occur
  faults.begin({ mayDepart, areHonest: saysGoodbye })
  if (mayDepart) departures.begin()
  spreadsheets.begin()
  // What is undone is checked by who did it, and who goes comes back as another.
  if (!departures.occur && !spreadsheets.occur) undoers.begin()
  await world.time.run(faults.lastsMs, storms)
  people.end()
  undoers.end()
  spreadsheets.end()
  faults.end()
  departures.end()
  let lookedAt = world.time.now
  const rested = await world.time.run(restMsMax, () => {
    if (storms()) return true
    if (world.time.now - lookedAt < lookMs) return false
    lookedAt = world.time.now
    return restlessness(world) === null
  })
  departures.checkBequests()
  await check(world, rested && !storms())
  return world
}
