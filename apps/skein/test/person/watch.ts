import { readFileSync } from "node:fs"
import { bytesOf } from "@skein/term/driven"
import type { Day } from "./day.ts"

/** What is to hold whatever a person has just done. */
export class Watch {
  readonly #day: Day
  #seen = 0
  #pid = 0
  /** Resident memory after each deed of the process that runs now, in bytes. */
  #memory: number[] = []

  constructor(day: Day) {
    this.#day = day
  }

  /** What does not: nothing, when all is well. */
  wrong(): string[] {
    const { driven } = this.#day
    if (driven.pid !== this.#pid) this.#begins(driven.pid)
    this.#memory.push(residentOf(driven.pid))
    return [...this.#wiped(), ...this.#shown(), ...this.#twice(), ...this.#grown()]
  }

  get facts() {
    const { driven } = this.#day
    return { residentBytes: this.#memory.at(-1) ?? 0, bytesWritten: bytesOf(driven.recording) }
  }

  #begins(pid: number): void {
    this.#pid = pid
    this.#seen = 0
    this.#memory = []
  }

  #wiped(): string[] {
    const { entries } = this.#day.driven.recording
    const fresh = entries.slice(this.#seen)
    this.#seen = entries.length
    const text = Buffer.concat(fresh.flatMap((entry) => ("bytes" in entry ? [entry.bytes] : []))).toString("latin1")
    return /\u001b\[[23]J/.test(text) ? ["the screen was wiped"] : []
  }

  /** Where one types, and below it what goes on. */
  #shown(): string[] {
    const rows = this.#day.driven.text().split("\n")
    const isTyped = rows.some((row) => row.startsWith("›"))
    const isTold = /^ {2}(\? keys|\S.* · )/.test(rows.at(-1) ?? "")
    return [...(isTyped ? [] : ["nowhere to type"]), ...(isTold ? [] : ["no word on what goes on"])]
  }

  #twice(): string[] {
    const { driven, finished } = this.#day
    const text = [...driven.scrollback(), ...driven.lines()].join("\n")
    return finished.flatMap((line) => {
      const times = text.split(line).length - 1
      return times === 1 ? [] : [`${JSON.stringify(line)} is there ${times} times`]
    })
  }

  #grown(): string[] {
    const now = this.#memory.at(-1) ?? 0
    const early =
      this.#memory
        .slice(0, WARM_DEEDS)
        .toSorted((a, b) => a - b)
        .at(-1) ?? 0
    const isBounded = now < MEMORY_BYTES_MAX && now < early + GROWTH_BYTES_MAX
    return isBounded ? [] : [`${Math.round(now / 1e6)} MB resident, ${Math.round(early / 1e6)} at first`]
  }
}

const WARM_DEEDS = 12
const MEMORY_BYTES_MAX = 300e6
const GROWTH_BYTES_MAX = 100e6

function residentOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? []
  return Number(kilobytes) * 1024
}
