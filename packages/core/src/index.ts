export { modePolicy } from "./approval/modes.ts"
export {
  type EventReference,
  type ReplaySeed,
  replaySeed,
  type SemanticSummary,
  semanticSummary,
  sessionText,
  stateHashes,
} from "./context/artifacts.ts"
export { buildMessages } from "./context/messages.ts"
export { visible } from "./context/visible.ts"
export { createEngine, type RunningEngine } from "./session/engine.ts"
export type { EnginePorts } from "./session/ports.ts"
export { advance, fold } from "./transcript/fold.ts"
export { freeze } from "./transcript/point.ts"
export { resumedState } from "./transcript/resumed.ts"
export type { SessionState } from "./transcript/state.ts"
export { DEFAULT_LIMITS, decide, type Next, type TurnLimits, type TurnView } from "./turn/decide.ts"
export { DEFAULT_RETRY, type RetryPolicy, retryDelay } from "./turn/retry.ts"
