import { closeSync, constants, openSync, readSync } from "node:fs"
import { reach } from "../paths.ts"

const PART_BYTES = 262_144

/** Whether two regular files hold the same bytes; one that we may not read is like no other. Follows no last link. */
export function isSameFile(a: string, b: string): boolean {
  const one = open(a)
  try {
    const other = open(b)
    try {
      return one !== undefined && other !== undefined && isSameBytes(one, other)
    } finally {
      if (other !== undefined) closeSync(other)
    }
  } finally {
    if (one !== undefined) closeSync(one)
  }
}

function open(path: string): number | undefined {
  return reach(() => openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK))
}

function isSameBytes(a: number, b: number): boolean {
  const [left, right] = [Buffer.alloc(PART_BYTES), Buffer.alloc(PART_BYTES)]
  for (let offset = 0; ; ) {
    const size = readSync(a, left, 0, PART_BYTES, offset)
    if (size !== readSync(b, right, 0, PART_BYTES, offset)) return false
    if (size === 0) return true
    if (!left.subarray(0, size).equals(right.subarray(0, size))) return false
    offset += size
  }
}
