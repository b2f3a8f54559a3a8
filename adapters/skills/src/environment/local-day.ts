import { readlinkSync } from "node:fs"
import { isAbsolute, join } from "node:path"
import { readStart } from "../files/read.ts"
import { visibleLine } from "../files/visible.ts"
import { offsetBy, offsetIn } from "./zone-file.ts"

export interface LocalDay {
  /** `2026-05-01`. */
  readonly day: string
  /** `Europe/Berlin`, or `UTC+02:00` where the zone has no name. */
  readonly timezone: string
}

export interface DayFacts {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: () => number
  /** The machine's zone: a link into the zone files, or a copy of one. */
  readonly localtime?: string | undefined
}

/**
 * The day where the person is. Asking the platform (a local `Date` getter, `Intl`) loads its tables of the whole world,
 * which takes 5 to 30 ms; reading the one zone file takes a tenth of a millisecond. The platform is asked only where
 * that file is missing or unreadable.
 */
export function localDay(facts: DayFacts): LocalDay {
  const now = facts.now()
  const zone = zoneOf(facts, now / 1_000)
  if (zone === undefined) return platformDay(now, facts.env.TZ)
  const { name, offset } = zone
  return { day: dayAt(now + offset * 1_000), timezone: visibleLine(name ?? label(offset)) }
}

interface Zone {
  readonly name?: string | undefined
  /** Seconds east of UTC. */
  readonly offset: number
}

const ZONE_FOLDER = "/usr/share/zoneinfo"
const ZONE_NAME = /^[\w+-]+(\/[\w+-]+)*$/

function zoneOf({ env, localtime = "/etc/localtime" }: DayFacts, seconds: number): Zone | undefined {
  if (env.TZ === undefined) return machineZone(localtime, seconds)
  const name = env.TZ.replace(/^:/, "")
  if (name === "") return UTC
  const path = isAbsolute(name) ? name : ZONE_NAME.test(name) ? join(env.TZDIR ?? ZONE_FOLDER, name) : undefined
  const offset = path === undefined ? undefined : offsetAt(path, seconds)
  if (offset !== undefined) return { name: nameIn(name) ?? (isAbsolute(name) ? undefined : name), offset }
  const byRule = offsetBy(name, seconds)
  return byRule === undefined ? undefined : { offset: byRule }
}

const UTC: Zone = { name: "UTC", offset: 0 }

function machineZone(localtime: string, seconds: number): Zone | undefined {
  const reading = readStart(localtime, ZONE_BYTES_MAX)
  // A machine that does not say where it is keeps UTC.
  if (reading === undefined) return UTC
  if (reading.kind === "refused") return undefined
  const offset = offsetIn(reading.start, seconds)
  if (offset === undefined) return undefined
  return { name: nameIn(linkOf(localtime)) ?? nameIn(reading.path), offset }
}

const ZONE_BYTES_MAX = 65_536

function offsetAt(path: string, seconds: number): number | undefined {
  const reading = readStart(path, ZONE_BYTES_MAX)
  return reading?.kind === "start" ? offsetIn(reading.start, seconds) : undefined
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch (error) {
    // A copy of a zone file is no link, and has no name.
    if (error instanceof Error && "code" in error) return ""
    throw error
  }
}

function nameIn(path: string): string | undefined {
  return /\/zoneinfo\/(?:posix\/|right\/)?(.+)$/.exec(path)?.[1]
}

function dayAt(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10)
}

function label(offset: number): string {
  const minutes = Math.round(Math.abs(offset) / 60)
  const clock = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":")
  return `UTC${offset < 0 ? "-" : "+"}${clock}`
}

function platformDay(now: number, name: string | undefined): LocalDay {
  const timezone = name !== undefined && isKnown(name) ? name : Intl.DateTimeFormat().resolvedOptions().timeZone
  return { day: new Date(now).toLocaleDateString("en-CA", { timeZone: timezone }), timezone }
}

function isKnown(name: string): boolean {
  try {
    return Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== ""
  } catch (error) {
    // An unknown zone: the platform's own choice stands.
    if (error instanceof RangeError) return false
    throw error
  }
}
