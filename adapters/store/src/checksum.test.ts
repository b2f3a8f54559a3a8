import { expect, test } from "bun:test"
import { crc32c } from "./checksum.ts"

test("the checksum is CRC-32C", () => {
  // The check value of the CRC catalogue, and the vectors of RFC 3720 §B.4.
  expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283)
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43)
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, index) => index))).toBe(0x46dd794e)
  expect(crc32c(new Uint8Array(0))).toBe(0)
})

test("a range sums as its bytes alone do, at every length and place", () => {
  const bytes = Uint8Array.from({ length: 40 }, (_, index) => index * 7)
  for (let start = 0; start < 9; start++) {
    for (let end = start; end < 40; end++) expect(crc32c(bytes, start, end)).toBe(crc32c(bytes.slice(start, end)))
  }
})
