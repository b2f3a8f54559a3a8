import { terminalFacts } from "@skein/term"
import type { Machine } from "../../src/system/machine.ts"
import type { Argv, Programs, Running } from "../../src/system/programs.ts"

export interface Asked {
  readonly argv: string
  readonly input: string | Uint8Array | undefined
}

export interface FakeMachine extends Machine {
  /** What was run, in order. */
  readonly asked: readonly Asked[]
  readonly said: readonly string[]
  readonly told: readonly string[]
}

/** What a program says: bytes or text with exit code 0, or a failure. Undefined: it is not there. */
export type Answer = string | Uint8Array | number | undefined

/** Another machine: its programs are a function from the command line to what it says. */
export function fakeMachine(
  answers: (line: string, how: Running) => Answer,
  more: Partial<Pick<Machine, "env" | "platform" | "cwd" | "home">> = {},
): FakeMachine {
  const asked: Asked[] = []
  const said: string[] = []
  const told: string[] = []
  const programs: Programs = {
    async run(argv: Argv, how) {
      const answer = answers(argv.join(" "), how)
      if (answer === undefined) return undefined
      asked.push({ argv: argv.join(" "), input: how.input })
      const out = typeof answer === "number" ? new Uint8Array() : Buffer.from(answer)
      return { exitCode: typeof answer === "number" ? answer : 0, out, complaint: "" }
    },
    attend: async () => undefined,
  }
  return {
    ...{
      env: {},
      platform: "linux",
      cwd: "/srv",
      home: "/home/me",
      temporary: "/tmp",
      programs,
      asked,
      said,
      told,
      ...more,
    },
    facts: () => terminalFacts([], more.env ?? {}),
    say: (sequence) => said.push(sequence),
    tell: (sentence) => told.push(sentence),
  }
}

/** Only these programs are there; each says what stands here. */
export function only(answers: Readonly<Record<string, Answer>>): (line: string) => Answer {
  return (line) => {
    const name = Object.keys(answers)
      .toSorted((a, b) => b.length - a.length)
      .find((start) => line.startsWith(start))
    return name === undefined ? undefined : answers[name]
  }
}
