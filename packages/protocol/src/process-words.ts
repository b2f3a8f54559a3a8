import type { EventOf } from "./events/index.ts"

/** How a process ended, after its name: `ended with exit code 1`. */
export function processEnding({
  exitCode,
  signal,
  isLost,
}: Pick<EventOf<"process.exited">, "exitCode" | "signal" | "isLost">): string {
  if (isLost === true) return "was lost: skein was stopped while it ran"
  return signal === undefined ? `ended with exit code ${exitCode ?? "unknown"}` : `was ended by ${signal}`
}

/** What a person is told of a process while something else goes on. */
export function processNews(event: EventOf<"process.matched" | "process.exited">): string {
  if (event.type === "process.matched") return `${event.name} has said ${JSON.stringify(event.pattern)}.`
  return `${event.name} ${processEnding(event)}.`
}
