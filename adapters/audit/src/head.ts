import { closeSync, constants, mkdirSync, openSync, readFileSync, writeSync } from "node:fs"
import { dirname } from "node:path"
import { sha256 } from "./line.ts"
import { refusal } from "./world.ts"

/** The newest line of the record, kept apart from it: what was cut off its end is missed by this. */
export interface Head {
  readonly seq: number
  readonly sum: string
}

/** Always as long, so that the next one covers it with one write and never leaves a rest of the last. */
const CHARS = 200
const { O_RDWR, O_CREAT, O_NOFOLLOW, O_RDONLY, O_NONBLOCK } = constants

export class HeadFile {
  readonly #path: string
  #fd: number | undefined

  constructor(path: string) {
    this.#path = path
  }

  read(): Head | "missing" {
    return readHead(this.#path)
  }

  write({ seq, sum }: Head): void {
    this.#fd ??= this.#open()
    const body = JSON.stringify({ seq, sum })
    writeSync(this.#fd, `${JSON.stringify({ seq, sum, check: sha256(body) }).padEnd(CHARS - 1)}\n`, 0)
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }

  #open(): number {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 })
    return openSync(this.#path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600)
  }
}

/** `missing` also when its bytes are not what was written. */
export function readHead(path: string): Head | "missing" {
  try {
    const text = readFileSync(path, { encoding: "utf8", flag: O_RDONLY | O_NOFOLLOW | O_NONBLOCK })
    const { seq, sum, check } = JSON.parse(text) as Partial<Record<"seq" | "sum" | "check", unknown>>
    if (typeof seq !== "number" || typeof sum !== "string") return "missing"
    return check === sha256(JSON.stringify({ seq, sum })) ? { seq, sum } : "missing"
  } catch (error) {
    if (error instanceof SyntaxError || refusal(error) === "ENOENT") return "missing"
    throw error
  }
}
