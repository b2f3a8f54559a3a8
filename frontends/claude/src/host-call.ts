import type { Json } from "@skein/protocol/json"

/** A call as the host knows it. */
export interface HostCall {
  readonly toolUseId: string
  /** Our name of the tool. */
  readonly tool: string
  readonly name: string
  readonly input: Json
  readonly title: string
}
