import { expect, test } from "bun:test"
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { localDay } from "./local-day.ts"
import { offsetBy, offsetIn } from "./zone-file.ts"

const NOON = Date.UTC(2026, 6, 1, 12)

test("rules of a zone give the same offset as the platform, through many years and both hemispheres", () => {
  const rules = {
    "Europe/Berlin": "CET-1CEST,M3.5.0,M10.5.0/3",
    "America/New_York": "EST5EDT,M3.2.0,M11.1.0",
    "Australia/Sydney": "AEST-10AEDT,M10.1.0,M4.1.0/3",
    "Asia/Kolkata": "IST-5:30",
    "America/Sao_Paulo": "<-03>3",
    "America/Nuuk": "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
  }
  for (const [name, rule] of Object.entries(rules)) {
    for (let at = Date.UTC(2025, 0, 1); at < Date.UTC(2031, 0, 1); at += 41 * 3_600_000) {
      expect([name, at, offsetBy(rule, at / 1_000)]).toEqual([name, at, platformOffset(name, at)])
    }
  }
})

test("the zone files of this machine give the same offset as the platform", () => {
  for (const name of ["Europe/London", "America/Los_Angeles", "Pacific/Auckland", "Asia/Tokyo", "Africa/Casablanca"]) {
    const path = join("/usr/share/zoneinfo", name)
    if (!existsSync(path)) continue
    const bytes = new Uint8Array(readFileSync(path))
    for (let at = Date.UTC(2000, 0, 1); at < Date.UTC(2026, 0, 1); at += 401 * 3_600_000) {
      expect([name, at, offsetIn(bytes, at / 1_000)]).toEqual([name, at, platformOffset(name, at)])
    }
  }
})

test("the day is that of the person's zone, which is named", () => {
  using at = zones({ "Area/East": "EST-12", "Area/West": "WST+12" })
  const day = (TZ: string, now: number) => localDay({ env: { TZ, TZDIR: at.folder }, now: () => now })
  expect(day("Area/East", NOON + 1)).toEqual({ day: "2026-07-02", timezone: "Area/East" })
  expect(day(":Area/West", NOON - 1)).toEqual({ day: "2026-06-30", timezone: "Area/West" })
  expect(day("UTC0", NOON)).toEqual({ day: "2026-07-01", timezone: "UTC+00:00" })
  expect(day("XXX-5:30", NOON).timezone).toBe("UTC+05:30")
  expect(day("", NOON).timezone).toBe("UTC")
})

test("without TZ the machine's zone counts: a link has a name, a copy an offset, nothing at all is UTC", () => {
  using at = zones({ "Area/East": "EST-12" })
  const day = (localtime: string) => localDay({ env: {}, now: () => NOON + 1, localtime })
  const link = join(at.root, "localtime")
  symlinkSync(join(at.folder, "Area/East"), link)
  expect(day(link)).toEqual({ day: "2026-07-02", timezone: "Area/East" })
  writeFileSync(join(at.root, "copy"), zoneFile("EST-12"))
  expect(day(join(at.root, "copy"))).toEqual({ day: "2026-07-02", timezone: "UTC+12:00" })
  expect(day(join(at.root, "gone"))).toEqual({ day: "2026-07-01", timezone: "UTC" })
})

test("a zone that has no readable file is asked of the platform", () => {
  using at = zones({ "Asia/Tokyo": "broken, without a rule" })
  const day = localDay({ env: { TZ: "Asia/Tokyo", TZDIR: at.folder }, now: () => Date.UTC(2026, 6, 1, 20) })
  expect(day).toEqual({ day: "2026-07-02", timezone: "Asia/Tokyo" })
})

test("bytes that are no zone file have no offset", () => {
  const whole = zoneFile("CET-1CEST,M3.5.0,M10.5.0/3")
  expect(offsetIn(whole, NOON / 1_000)).toBe(7_200)
  for (let length = 0; length < whole.length - 28; length++) {
    expect([length, offsetIn(whole.subarray(0, length), NOON / 1_000)]).toEqual([length, undefined])
  }
})

function platformOffset(name: string, at: number): number {
  formats[name] ??= new Intl.DateTimeFormat("en", { timeZone: name, timeZoneName: "longOffset" })
  const parts = formats[name]?.formatToParts(at) ?? []
  const [, sign, hours, minutes] =
    /GMT([+-])(\d\d):(\d\d)/.exec(parts.find(({ type }) => type === "timeZoneName")?.value ?? "") ?? []
  return sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 3_600 + Number(minutes) * 60)
}

const formats: Record<string, Intl.DateTimeFormat> = {}

/** A zone file of version 2 with one type, no changes and a rule. */
function zoneFile(rule: string): Uint8Array {
  const header = Buffer.alloc(44)
  header.write("TZif2")
  header.writeUInt32BE(1, 36)
  header.writeUInt32BE(4, 40)
  const body = Buffer.concat([Buffer.alloc(6), Buffer.from("UTC\0")])
  return new Uint8Array(Buffer.concat([header, body, header, body, Buffer.from(`\n${rule}\n`)]))
}

function zones(rules: Record<string, string>): Disposable & { readonly root: string; readonly folder: string } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "skein-zones-")))
  const folder = join(root, "zoneinfo")
  for (const [name, rule] of Object.entries(rules)) {
    mkdirSync(join(folder, name, ".."), { recursive: true })
    writeFileSync(join(folder, name), zoneFile(rule))
  }
  return { root, folder, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) }
}
