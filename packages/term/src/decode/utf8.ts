/**
 * How many bytes at the end begin a character that the next read may complete. Zero when the end is whole, or when what is
 * there can become no character.
 */
export function openBytes(bytes: Uint8Array, start: number, end: number): number {
  for (let back = 1; back <= 3 && end - back >= start; back++) {
    const lead = bytes[end - back] ?? 0
    if (lead < 0x80) return 0
    if (lead < 0xc0) continue
    const second = bytes[end - back + 1]
    return lengthOf(lead) > back && (back === 1 || isSecond(lead, second ?? 0)) ? back : 0
  }
  return 0
}

/** How long the character is that this byte begins, in bytes. One for bytes that begin none. */
export function lengthOf(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 1
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
}

/** Some first bytes allow only some seconds: the others would be longer than need be, or no character of Unicode. */
function isSecond(lead: number, second: number): boolean {
  if (lead === 0xe0) return second >= 0xa0
  if (lead === 0xed) return second <= 0x9f
  if (lead === 0xf0) return second >= 0x90
  if (lead === 0xf4) return second <= 0x8f
  return true
}
