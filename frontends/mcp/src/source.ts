import type {
  CallToolRequestParams,
  GetPromptResult,
  Prompt,
  ReadResourceResult,
  Resource,
  ResourceTemplateType,
  Tool,
} from "@modelcontextprotocol/server"
import type { Asked } from "./asked.ts"
import type { Work } from "./work.ts"

/** What one client is served. The SDK speaks the protocol, in either era; this says what there is and does it. */
export interface McpSource {
  readonly name: string
  readonly title: string
  readonly version: string
  /** For the client's model. */
  readonly instructions: string
  tools(): Promise<readonly Tool[]>
  /** Begins it. Rejects with RequestError where the request itself is wrong. */
  begin(params: CallToolRequestParams, asked: Asked): Promise<Work>
  readonly resources?: McpResources | undefined
  readonly prompts?: McpPrompts | undefined
  /** Stops what runs, and lets go of everything. */
  close(): Promise<void>
}

export interface McpResources {
  list(): Promise<readonly Resource[]>
  readonly templates: readonly ResourceTemplateType[]
  /** Rejects with RequestError where there is none, or it may not be read. */
  read(uri: string, asked: Asked): Promise<ReadResourceResult>
}

export interface McpPrompts {
  list(): Promise<readonly Prompt[]>
  /** Rejects with RequestError. */
  get(name: string, args: Readonly<Record<string, string>>, asked: Asked): Promise<GetPromptResult>
  /** Whether the list is another than the client last saw. */
  hasChanged(): Promise<boolean>
}
