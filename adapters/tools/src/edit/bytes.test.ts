import { describe, expect, test } from "bun:test"
import { ToolFailure } from "@skein/core/ports"
import { applyEdit } from "./apply.ts"

// Whatever a file's encoding and line ends, the bytes outside of what is replaced are the same afterwards.

const utf8 = (text: string) => Buffer.from(text)
const utf16 = (isBig: boolean) => (text: string) => {
  const bytes = Buffer.from(text, "utf16le")
  return isBig ? bytes.swap16() : bytes
}
const latin1 = (text: string) => Buffer.from(text, "latin1")

interface Sample {
  readonly bom: readonly number[]
  /** ASCII text in the encoding. */
  readonly ascii: (text: string) => Buffer
  /** Bytes that only this encoding has in this form. */
  readonly special: readonly number[]
}

const ENCODINGS: Readonly<Record<string, Sample>> = {
  utf8: { bom: [], ascii: utf8, special: [...utf8("ä你😀\u2028\ufffd")] },
  "utf8 with a byte order mark": { bom: [0xef, 0xbb, 0xbf], ascii: utf8, special: [...utf8("ä你😀\ufeff")] },
  utf16le: { bom: [0xff, 0xfe], ascii: utf16(false), special: [...utf16(false)("ä你😀"), 0x00, 0xd8] },
  utf16be: { bom: [0xfe, 0xff], ascii: utf16(true), special: [...utf16(true)("ä你😀"), 0xdc, 0x00] },
  cp1252: { bom: [], ascii: latin1, special: [0x93, 0x61, 0x80, 0x20, 0x81, 0x61, 0x9f] },
  latin1: { bom: [], ascii: latin1, special: [0xe9, 0x61, 0xff, 0x61, 0xa0] },
  gbk: { bom: [], ascii: latin1, special: [0xc4, 0xe3, 0xba, 0xc3, 0x81, 0x5c] },
  shiftJis: { bom: [], ascii: latin1, special: [0x93, 0xfa, 0x96, 0x7b, 0x83, 0x5c, 0xb1] },
  "utf8 with invalid bytes": { bom: [], ascii: utf8, special: [...utf8("ä你😀é"), 0xff, 0xc0, 0xe4, 0xbd] },
}

const LINE_ENDS: Readonly<Record<string, readonly [string, string, string]>> = {
  LF: ["\n", "\n", "\n"],
  CRLF: ["\r\n", "\r\n", "\r\n"],
  CR: ["\r", "\r", "\r"],
  mixed: ["\r\n", "\n", "\r"],
}

for (const [encoding, { bom, ascii, special }] of Object.entries(ENCODINGS)) {
  describe(encoding, () => {
    for (const [kind, [first, second, third]] of Object.entries(LINE_ENDS)) {
      test.each([
        ["with a final line end", third],
        ["without", ""],
      ])(`${kind}, %s`, async (_, last) => {
        const before = Buffer.concat([Buffer.from(bom), Buffer.from(special), ascii(`head${first}  keep this(`)])
        const after = Buffer.concat([ascii(`)${second}tail `), Buffer.from(special), ascii(last)])
        const file = (middle: string) => Buffer.concat([before, ascii(middle), after])

        const one = await applyEdit(file("old"), { oldText: "this(old)\ntail", newText: "this(new word)\ntail" })
        expect(Buffer.from(one.bytes)).toEqual(file("new word"))
        const loose = await applyEdit(file("old"), { oldText: "keep this(old)  ", newText: "keep this(new)  " })
        expect(Buffer.from(loose.bytes)).toEqual(file("new"))
        const more = await applyEdit(file("old"), { oldText: "(old)\n", newText: "(a\nb)\n" })
        expect(Buffer.from(more.bytes)).toEqual(file(`a${second}b`))
      })
    }
  })
}

describe("a text that the encoding cannot be sure to express is refused", () => {
  const gbk = Buffer.from([...latin1("x = '"), 0xc4, 0xe3, 0xba, 0xc3, ...latin1("'\ny = 1\n")])
  const western = Buffer.from([...latin1("caf"), 0xe9, ...latin1(" = 1\n")])
  const damaged = Buffer.from([...utf8("ä ö ü "), 0xff, ...utf8(" = 1\n")])

  test.each([
    ["a Chinese word in GBK", gbk, "y = 1", "y = 你", undefined],
    ["an accent in GBK", gbk, "y = 1", "y = é", undefined],
    [
      "what stood there in GBK",
      gbk,
      "x = '\u00c4\u00e3\u00ba\u00c3'",
      "z = ['\u00c4\u00e3\u00ba\u00c3']",
      "z = ['\xc4\xe3\xba\xc3']\ny = 1\n",
    ],
    ["an accent in a western file", western, "= 1", "= 'é €'", "caf\xe9 = '\xe9 \x80'\n"],
    ["a Chinese word in a western file", western, "= 1", "= 你", undefined],
    ["a damaged byte that is kept", damaged, "\ufffd = 1", "\ufffd = 2", "\xc3\xa4 \xc3\xb6 \xc3\xbc \xff = 2\n"],
    ["a damaged byte that is moved", damaged, "\ufffd = 1", "1 = \ufffd", "\xc3\xa4 \xc3\xb6 \xc3\xbc 1 = \xff\n"],
    ["a damaged byte that is doubled", damaged, "\ufffd = 1", "\ufffd\ufffd = 1", undefined],
    ["half a surrogate pair", utf8("a\n"), "a", "\ud800", undefined],
  ])("%s", async (_, bytes, oldText, newText, result) => {
    const outcome = await applyEdit(bytes, { oldText, newText }).catch((error: unknown) => error)
    if (result === undefined) expect(outcome).toBeInstanceOf(ToolFailure)
    else
      expect(
        outcome instanceof Error ? outcome.message : Buffer.from((outcome as { bytes: Uint8Array }).bytes),
      ).toEqual(latin1(result))
  })
})

test("binary files, UTF-32 and UTF-16 without a mark are not edited", async () => {
  for (const bytes of [
    [0, 1, 2, 97],
    [0xff, 0xfe, 0, 0, 97, 0, 0, 0],
    [97, 0, 98, 0],
    [1, 2, 3, 4, 5, 0xff, 6],
  ]) {
    const outcome = applyEdit(Uint8Array.from(bytes), { oldText: "a", newText: "b" })
    expect(String(await outcome.catch((error: unknown) => error))).toContain("The file is binary")
  }
})

test("any bytes that count as text come back as they were but for the edit", async () => {
  let state = 12_345
  const chance = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff
    return (state >> 8) % below
  }
  const pieces = [
    utf8("ä"),
    utf8("你"),
    utf8("😀"),
    [0xff],
    [0xed, 0xa0, 0x80],
    [0xe4, 0xbd],
    [0xc3],
    utf8("\r\n"),
    utf8("\n"),
    utf8("\r"),
    utf8("ab"),
  ]
  for (let round = 0; round < 300; round++) {
    const noise = () =>
      Buffer.concat(Array.from({ length: chance(12) }, () => Buffer.from(pieces[chance(pieces.length)] ?? [])))
    const [before, after] = [noise(), noise()]
    const outcome = await applyEdit(Buffer.concat([before, utf8("<MARK>"), after]), {
      oldText: "<MARK>",
      newText: "<NEW>",
    })
    expect(Buffer.from(outcome.bytes)).toEqual(Buffer.concat([before, utf8("<NEW>"), after]))
  }
})
