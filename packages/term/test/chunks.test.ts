import { expect, test } from "bun:test"
import { InputDecoder } from "../src/decode/decoder.ts"
import type { Input } from "../src/input.ts"

/** What one person and one terminal that marks its pastes sent, piece by piece. */
const RECORDED = [
  "hello",
  "\x1b[A",
  "\x1bOB",
  "é€👍",
  "\x1b[200~pasted\r\nlines \x1b[201 \x1b\x1b[A\x1b[201~",
  "\x1b[13;2u",
  "\x1b[27;5;106~",
  "\x1b\r",
  "\x1bb",
  "\x1bü",
  "\x1b\x1b[C",
  "\x1b[<0;12;7M",
  "\x1b[<0;12;7m",
  "\x1b[I",
  "\x1b[[A",
  "\x1b[7$",
  "\x1b[99~",
  "\x1b[?2026;2$y",
  "\x1b[?62;22;52c",
  "\x1bP>|ghostty 1.2.0\x1b\\",
  "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
  "\x1b]11;rgb:ffff/ffff/ffff\x07",
  "\x1b]1337;x\x1b\\",
  "\x1b_Gi=1;OK\x1b\\",
  "\x1b[12;40R",
  "\x1b[M !!",
  "\r\x1b[B",
  "\t",
  "\x7f",
  "\x03",
  "\x1b[",
]

const HANG_MS = 180_000
const ROUNDS = process.env.SKEIN_SOAK === "1" ? 20_000 : 400

test(
  "how the bytes are cut into reads makes no difference",
  () => {
    const random = seeded(7)
    for (let round = 0; round < ROUNDS; round++) {
      const pieces = Array.from({ length: 12 }, () => RECORDED[random(RECORDED.length)] ?? "")
      const bytes = new TextEncoder().encode(pieces.join(""))
      const whole = plain(decoded([bytes]))
      expect(plain(decoded(cut(bytes, () => 1 + random(6))))).toEqual(whole)
      expect(plain(decoded(cut(bytes, () => 1)))).toEqual(whole)
    }
  },
  HANG_MS,
)

test(
  "nor does it where some of them were damaged on the way",
  () => {
    const random = seeded(5)
    const calm = RECORDED.filter((piece) => !piece.includes("\r"))
    for (let round = 0; round < ROUNDS; round++) {
      const pieces = Array.from({ length: 12 }, () => calm[random(calm.length)] ?? "")
      const bytes = new TextEncoder().encode(pieces.join(""))
      for (let harm = 1 + random(3); harm > 0; harm--) bytes[random(bytes.length)] = 14 + random(242)
      const whole = plain(decoded([bytes]))
      expect(plain(decoded(cut(bytes, () => 1 + random(6))))).toEqual(whole)
      expect(plain(decoded(cut(bytes, () => 1)))).toEqual(whole)
    }
  },
  HANG_MS,
)

test(
  "no bytes at all make it throw, lose its place or wait for ever",
  () => {
    const random = seeded(11)
    for (let round = 0; round < ROUNDS; round++) {
      const decoder = new InputDecoder()
      const bytes = Uint8Array.from({ length: 200 }, () =>
        random(4) === 0 ? (HARD[random(HARD.length)] ?? 0) : random(256),
      )
      decoder.feed(bytes)
      for (let silence = 0; decoder.hasPending; silence++) {
        expect(silence).toBeLessThan(100)
        decoder.flush()
      }
      // Whatever is cut off, no more than one sequence's worth of keys is behind it.
      decoder.feed(new TextEncoder().encode("\r\x1b\\\r\r\r\r"))
      expect(decoder.feed(new TextEncoder().encode("ok"))).toEqual([
        { kind: "key", chord: "o", text: "o" },
        { kind: "key", chord: "k", text: "k" },
      ])
    }
  },
  HANG_MS,
)

const HARD = [0x1b, 0x5b, 0x5d, 0x50, 0x4f, 0x3f, 0x3b, 0x24, 0x7e, 0x4d]

function decoded(reads: readonly Uint8Array[]): Input[] {
  const decoder = new InputDecoder()
  decoder.expectMarks(true)
  const inputs = reads.flatMap((read) => decoder.feed(read))
  for (let silence = 0; decoder.hasPending && silence < 100; silence++) inputs.push(...decoder.flush())
  return inputs
}

/** Characters that follow each other, as one. Of a newline in two bytes only one read tells that it is one. */
function plain(inputs: readonly Input[]): (Input | string)[] {
  const all: (Input | string)[] = []
  for (const input of inputs) {
    const last = all.at(-1)
    if (input.kind !== "key" || input.text !== input.chord) all.push(input)
    else if (typeof last === "string") all[all.length - 1] = last + input.text
    else all.push(input.chord)
  }
  return all
}

function cut(bytes: Uint8Array, size: () => number): Uint8Array[] {
  const reads: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const next = at + size()
    reads.push(bytes.slice(at, next))
    at = next
  }
  return reads
}

function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
