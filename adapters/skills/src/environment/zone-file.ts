/**
 * Seconds east of UTC at a moment (seconds since 1970), from the bytes of a time zone file (RFC 9636, version 2 and
 * later). Undefined when the bytes are none, or say it in a way that is not read here.
 */
export function offsetIn(bytes: Uint8Array, seconds: number): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const first = headerAt(view, 0)
  if (first === undefined || first.version < 0x32) return undefined
  // The block for 32-bit times is skipped: the same follows in 64 bits.
  const second = headerAt(view, first.bodyAt + blockBytes(first, 4))
  if (second === undefined) return undefined
  const { bodyAt, times, types } = second
  const end = bodyAt + blockBytes(second, 8)
  const typesAt = bodyAt + times * 9
  if (end > view.byteLength || types === 0) return undefined
  const timeOf = (at: number) => Number(view.getBigInt64(bodyAt + at * 8))
  const offsetOf = (type: number) => view.getInt32(typesAt + type * 6)
  const rule = new TextDecoder().decode(bytes.subarray(end)).trim()
  if (times === 0 || seconds >= timeOf(times - 1)) {
    return rule === ""
      ? offsetOf(times === 0 ? 0 : view.getUint8(bodyAt + times * 8 + times - 1))
      : offsetBy(rule, seconds)
  }
  let at = times - 1
  while (at >= 0 && timeOf(at) > seconds) at--
  return offsetOf(at < 0 ? 0 : view.getUint8(bodyAt + times * 8 + at))
}

interface Header {
  readonly version: number
  readonly bodyAt: number
  readonly times: number
  readonly types: number
  readonly characters: number
  readonly leaps: number
  readonly flags: number
}

const HEADER_BYTES = 44
const MAGIC = 0x545a6966

function headerAt(view: DataView, at: number): Header | undefined {
  if (at + HEADER_BYTES > view.byteLength || view.getUint32(at) !== MAGIC) return undefined
  const count = (index: number) => view.getUint32(at + 20 + index * 4)
  return {
    version: view.getUint8(at + 4),
    bodyAt: at + HEADER_BYTES,
    flags: count(0) + count(1),
    leaps: count(2),
    times: count(3),
    types: count(4),
    characters: count(5),
  }
}

function blockBytes({ times, types, characters, leaps, flags }: Header, timeBytes: number): number {
  return times * (timeBytes + 1) + types * 6 + characters + leaps * (timeBytes + 4) + flags
}

const NAME = "(?:[A-Za-z]{3,}|<[^>]+>)"
const CLOCK = "[+-]?\\d{1,3}(?::\\d\\d){0,2}"
const CHANGE = `M(\\d+)\\.(\\d)\\.(\\d)(?:/(${CLOCK}))?`
const RULE = new RegExp(`^${NAME}(${CLOCK})(?:${NAME}(${CLOCK})?,${CHANGE},${CHANGE})?$`)

/** Seconds east of UTC by a rule such as `CET-1CEST,M3.5.0,M10.5.0/3` (POSIX TZ; changes given as month, week, day). */
export function offsetBy(rule: string, seconds: number): number | undefined {
  const match = RULE.exec(rule)
  if (match === null) return undefined
  const [, standard = "", summer, ...changes] = match
  const winterOffset = 0 - clockSeconds(standard)
  if (changes[0] === undefined) return winterOffset
  const summerOffset = summer === undefined ? winterOffset + 3_600 : 0 - clockSeconds(summer)
  const year = new Date((seconds + winterOffset) * 1_000).getUTCFullYear()
  const begins = changeAt(year, changes.slice(0, 4)) - winterOffset
  const ends = changeAt(year, changes.slice(4, 8)) - summerOffset
  const isSummer = begins < ends ? begins <= seconds && seconds < ends : !(ends <= seconds && seconds < begins)
  return isSummer ? summerOffset : winterOffset
}

/** A change on the clock of its place: the week-th weekday of a month, the fifth meaning the last. */
function changeAt(year: number, [month, week, weekday, clock = "2"]: readonly (string | undefined)[]): number {
  const first = new Date(Date.UTC(year, Number(month) - 1, 1))
  const days = new Date(Date.UTC(year, Number(month), 0)).getUTCDate()
  let day = 1 + ((Number(weekday) - first.getUTCDay() + 7) % 7) + (Number(week) - 1) * 7
  while (day > days) day -= 7
  return Date.UTC(year, Number(month) - 1, day) / 1_000 + clockSeconds(clock)
}

function clockSeconds(clock: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = clock.replace(/^[+-]/, "").split(":").map(Number)
  return (clock.startsWith("-") ? -1 : 1) * (hours * 3_600 + minutes * 60 + seconds)
}
