import type { HookEvent, HookOutcome, HookPoint, HooksPort, Place } from "@skein/core/ports"

/** What the hooks of a point say, or an error, or whatever a promise comes to. */
export type HookScript = {
  readonly [E in HookEvent]?: (
    point: Extract<HookPoint, { event: E }>,
    signal: AbortSignal,
  ) => Partial<HookOutcome> | Promise<Partial<HookOutcome>>
}

export interface FakeHooks extends HooksPort {
  /** Every point at which they were run, in order. */
  readonly points: readonly HookPoint[]
  /** Of these kinds alone. */
  pointsAt<E extends HookEvent>(event: E): readonly Extract<HookPoint, { event: E }>[]
  /** Every place that was asked for. */
  readonly places: readonly Place[]
}

/** A HooksPort of functions: each stands for one hook of `hooks.json` at its point. */
export function fakeHooks(script: HookScript): FakeHooks {
  const points: HookPoint[] = []
  const places: Place[] = []
  return {
    points,
    places,
    pointsAt: <E extends HookEvent>(event: E) =>
      points.filter((point): point is Extract<HookPoint, { event: E }> => point.event === event),
    async at(place) {
      places.push(place)
      return {
        has: (event) => script[event] !== undefined,
        async run(point, signal) {
          points.push(point)
          // The script of an event takes the points of that event.
          const say = script[point.event] as
            | ((point: HookPoint, signal: AbortSignal) => Promise<Partial<HookOutcome>>)
            | undefined
          const said = (await say?.(point, signal)) ?? {}
          return { messages: [], ran: [ranOf(point.event, said)], ...said }
        },
      }
    },
  }
}

function ranOf(event: HookEvent, { block, stop, decision, input, output, context }: Partial<HookOutcome>) {
  const isNo = block !== undefined || stop !== undefined || decision === "deny"
  const isChange = input !== undefined || output !== undefined || context !== undefined || decision !== undefined
  const outcome = isNo ? "blocked" : isChange ? "changed" : "passed"
  return { hook: `on-${event}`, file: "hooks.json", outcome, durationMs: 1 } as const
}
