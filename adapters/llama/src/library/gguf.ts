import { constants } from "node:fs"
import { open } from "node:fs/promises"

/** What a GGUF file says of its model, without its weights. */
export interface GgufHead {
  readonly name?: string | undefined
  /** `llama`, `qwen2`, …. */
  readonly architecture: string
  /** The longest conversation it was made for, in tokens. */
  readonly contextTokens?: number | undefined
  /** A Jinja template of how it writes a conversation. */
  readonly chatTemplate?: string | undefined
  readonly layers?: number | undefined
  /** Bytes that each token of the window takes in memory, as 16-bit keys and values. */
  readonly bytesPerToken?: number | undefined
}

/** Vocabularies are lists of hundreds of thousands of words; they are passed over, and the head ends far before this. */
const HEAD_BYTES_MAX = 64 * 1024 * 1024
const PIECE_BYTES = 1024 * 1024
/** Models have some dozens of facts. */
const FACTS_MAX = 10_000
/** As the format has it (ggml's `docs/gguf.md`, `gguf_metadata_kv_t`). */
const KEY_BYTES_MAX = 65_535
/** A longer text is none that skein has a use for; the longest known templates have a tenth of this. */
const TEXT_BYTES_MAX = 256 * 1024

/**
 * Reads the head of a GGUF file, version 2 or 3, as ggml's `docs/gguf.md` has it. Throws an Error that says what is wrong
 * with the file, which may be anything.
 */
export async function ggufHead(path: string): Promise<GgufHead> {
  // A pipe would be waited for, and a device is no file.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw new Error("it is no regular file")
    const { size } = stats
    for (let length = PIECE_BYTES; ; length *= 4) {
      const bytes = Buffer.alloc(Math.min(length, size, HEAD_BYTES_MAX))
      await file.read(bytes, 0, bytes.length, 0)
      const facts = factsOf(bytes)
      if (facts !== undefined) return headOf(facts)
      if (bytes.length === size || bytes.length === HEAD_BYTES_MAX) throw new Error("its head is cut off")
    }
  } finally {
    await file.close()
  }
}

const ARCHITECTURE = /^[a-z0-9][a-z0-9._-]{0,63}$/i

type Facts = ReadonlyMap<string, unknown>

function headOf(facts: Facts): GgufHead {
  const architecture = text(facts.get("general.architecture"))
  if (architecture === undefined) throw new Error("it does not say which architecture it has")
  // It is shown to people, and part of other names.
  if (!ARCHITECTURE.test(architecture)) throw new Error("what it says of its architecture is no name")
  const number = (key: string) => count(facts.get(`${architecture}.${key}`))
  const layers = number("block_count")
  const heads = number("attention.head_count")
  const width = number("attention.key_length") ?? (number("embedding_length") ?? 0) / (heads ?? 1)
  const pairs = number("attention.head_count_kv") ?? heads
  return {
    name: text(facts.get("general.name")),
    architecture,
    contextTokens: number("context_length"),
    chatTemplate: text(facts.get("tokenizer.chat_template")),
    layers,
    bytesPerToken: layers === undefined || pairs === undefined || width === 0 ? undefined : 4 * layers * pairs * width,
  }
}

/** Undefined when the bytes end before the head does. */
function factsOf(bytes: Buffer): Facts | undefined {
  if (bytes.length < 24) throw new Error("it is too short for a GGUF file")
  if (bytes.toString("latin1", 0, 4) !== "GGUF") throw new Error("it is no GGUF file")
  const version = bytes.readUInt32LE(4)
  if (version !== 2 && version !== 3) throw new Error(`it is of GGUF version ${version}; 2 and 3 are read`)
  const facts = new Map<string, unknown>()
  const reader = readerOf(bytes, 24)
  try {
    const many = Number(bytes.readBigUInt64LE(16))
    if (many > FACTS_MAX) throw new Error(`its head has ${many} values; ${FACTS_MAX} are read`)
    for (let at = 0; at < many; at += 1) {
      const key = reader.key()
      facts.set(key, reader.value(reader.uint32(), 0))
    }
    return facts
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Reading past the end throws a RangeError. */
function readerOf(bytes: Buffer, start: number) {
  let at = start
  const pass = (length: number): number => {
    const from = at
    if (length < 0 || from + length > bytes.length) throw new RangeError("The head goes on")
    at += length
    return from
  }
  const uint32 = () => bytes.readUInt32LE(pass(4))
  const uint64 = () => Number(bytes.readBigUInt64LE(pass(8)))
  const string = () => {
    const length = uint64()
    const from = pass(length)
    return length > TEXT_BYTES_MAX ? undefined : bytes.toString("utf8", from, from + length)
  }
  const key = () => {
    const length = uint64()
    if (length > KEY_BYTES_MAX) throw new Error("its head has a name that is too long")
    const from = pass(length)
    return bytes.toString("utf8", from, from + length)
  }

  function value(type: number, depth: number): unknown {
    switch (type) {
      case 4:
        return uint32()
      case 5:
        return bytes.readInt32LE(pass(4))
      case 6:
        return bytes.readFloatLE(pass(4))
      case 8:
        return string()
      case 9:
        return passedOver(uint32(), uint64(), depth)
      case 10:
        return uint64()
      default:
        pass(sizeOf(type))
        return undefined
    }
  }

  function passedOver(type: number, length: number, depth: number): undefined {
    if (depth > 4) throw new Error("its head has lists in lists in lists")
    if (type !== 8 && type !== 9) pass(sizeOf(type) * length)
    else for (let item = 0; item < length; item += 1) type === 8 ? pass(uint64()) : value(9, depth + 1)
  }

  return { uint32, key, value }
}

/** By GGUF's numbers of types: 8, 16, 32 and 64 bits, signed or not. */
function sizeOf(type: number): number {
  const size = [1, 1, 2, 2, 4, 4, 4, 1, undefined, undefined, 8, 8, 8][type]
  if (size === undefined) throw new Error(`its head has a value of an unknown type, ${type}`)
  return size
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined
}

function count(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined
}
