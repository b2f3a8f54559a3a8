import { expect, test } from "bun:test"
import { crc32 } from "./checksum.ts"

test("the checksum is the CRC-32 of zlib", () => {
  // The check value of ISO 3309 implementations, and zlib's own for zeros.
  expect(crc32(Buffer.from("123456789"))).toBe(0xcbf43926)
  expect(crc32(new Uint8Array(32))).toBe(0x190a55ad)
  expect(crc32(new Uint8Array(0))).toBe(0)
})

test("a range is checked as if it stood alone", () => {
  const bytes = Uint8Array.from({ length: 40 }, (_, index) => index * 37)
  for (let start = 0; start < 40; start++) {
    for (let end = start; end < 40; end++) expect(crc32(bytes, start, end)).toBe(crc32(bytes.slice(start, end)))
  }
})
