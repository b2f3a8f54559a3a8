export type {
  Answer,
  CommandOutcome,
  Engine,
  ErrorCode,
  Event,
  EventOf,
  Item,
  Op,
  Query,
  QueryAnswer,
  Receipt,
  RewindScope,
  SessionFilter,
  SessionId,
  SessionSummary,
  SessionView,
  Settings,
  SettingsChange,
  Subscription,
  TurnId,
  TurnOutcome,
  Usage,
} from "@skein/protocol"
export { SkeinError } from "@skein/protocol"
export type { PersonQuestion, QuestionAnswer } from "@skein/protocol/questions"
export type { Handlers } from "./answering.ts"
export type { ApprovalReply, ApprovalRequest, OnApproval } from "./approvals.ts"
export type { ImageInput, Input } from "./input.ts"
export type { OnQuestion, QuestionReply } from "./questions.ts"
export { type ChangedFile, TurnFailed, type TurnResult } from "./result.ts"
export type { RewindOptions, Session, TurnOptions, ValueResult } from "./session.ts"
export type { SessionOptions, Skein } from "./skein.ts"
export { type ConnectOptions, connectSkein, type StartOptions, startSkein } from "./start.ts"
export {
  type CheckingSchema,
  type HostTool,
  type ToolBlock,
  type ToolCallContext,
  type ToolDefinition,
  type ToolOutput,
  tool,
} from "./tools.ts"
export type { Turn } from "./turn.ts"
export type { TurnBegun } from "./turn-begun.ts"
