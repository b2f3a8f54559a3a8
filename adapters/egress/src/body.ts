import type { Peer } from "./peer.ts"
import { malformed } from "./refusal.ts"
import type { Framing } from "./request.ts"

/**
 * Passes on exactly one body, byte for byte, and nothing that comes after it: a second request would reach a host that
 * nobody decided about. False when one of the two went away. Throws Refusal when the body breaks its own framing.
 */
export async function passBody(
  from: Peer,
  to: Peer,
  framing: Framing,
  count: (bytes: number) => void,
): Promise<boolean> {
  const end = framing.kind === "length" ? lengthEnd(framing.bytes) : chunkedEnd()
  for (let isOver = end(new Uint8Array()).isOver; !isOver; ) {
    const bytes = await from.read()
    if (bytes === undefined) return false
    const found = end(bytes)
    isOver = found.isOver
    count(found.taken)
    if (!(await to.write(bytes.subarray(0, found.taken)))) return false
  }
  return true
}

interface Taken {
  /** Bytes that are of the body. */
  readonly taken: number
  readonly isOver: boolean
}

function lengthEnd(length: number): (bytes: Uint8Array) => Taken {
  let left = length
  return (bytes) => {
    const taken = Math.min(left, bytes.length)
    left -= taken
    return { taken, isOver: left === 0 }
  }
}

type Place = "size" | "size-end" | "data" | "data-end" | "data-feed" | "last" | "last-feed" | "over"

const CR = 13
const LF = 10

/** Sizes are plain hexadecimal: no extensions, no trailers, whose readings differ. */
function chunkedEnd(): (bytes: Uint8Array) => Taken {
  let place: Place = "size"
  let size = ""
  let left = 0
  function step(byte: number): void {
    switch (place) {
      case "size":
        if (byte === CR && size !== "") place = "size-end"
        else size += hexOf(byte, size)
        return
      case "size-end":
        expect(byte, LF)
        left = Number.parseInt(size, 16)
        size = ""
        place = left === 0 ? "last" : "data"
        return
      case "data-end":
        expect(byte, CR)
        place = "data-feed"
        return
      case "data-feed":
        expect(byte, LF)
        place = "size"
        return
      case "last":
        expect(byte, CR)
        place = "last-feed"
        return
      case "last-feed":
        expect(byte, LF)
        place = "over"
        return
    }
  }
  return (bytes) => {
    let at = 0
    while (at < bytes.length && place !== "over") {
      if (place === "data") {
        const taken = Math.min(left, bytes.length - at)
        left -= taken
        at += taken
        if (left === 0) place = "data-end"
      } else step(bytes[at++] ?? 0)
    }
    return { taken: at, isOver: place === "over" }
  }
}

const SIZE_DIGITS_MAX = 12

function hexOf(byte: number, size: string): string {
  const digit = String.fromCharCode(byte)
  if (!/^[0-9a-f]$/i.test(digit) || size.length >= SIZE_DIGITS_MAX) throw malformed("A chunk's size is malformed.")
  return digit
}

function expect(byte: number, expected: number): void {
  if (byte !== expected) throw malformed("A chunk does not end where it says.")
}
