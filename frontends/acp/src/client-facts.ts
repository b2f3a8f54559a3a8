import type { Op } from "@skein/protocol"
import { type Notices, notices } from "./notes.ts"
import type { InitializeParams } from "./params.ts"

type Answerable = Op<"client.attach">["answers"][number]

/** What a client said at the start that it can show and do. It is never asked for more. */
export interface ClientFacts {
  /** It shows forms. */
  readonly hasForms: boolean
  /** It answers for its own text files. */
  readonly hasFiles: boolean
  /** It writes and saves them, too. */
  readonly writesFiles: boolean
  /** It runs commands in terminals of its own. */
  readonly hasTerminals: boolean
  /** It shows what runs in the agent's own terminals: an extension that several editors and agents have in common. */
  readonly showsOutput: boolean
  /** It runs this program in a terminal, for a person to log in. */
  readonly logsIn: boolean
  readonly notices: Notices
}

type Capabilities = ReturnType<typeof InitializeParams>["_output"]["clientCapabilities"]

/** Nothing is known of one that did not introduce itself. */
export const NO_FACTS: ClientFacts = factsOf(undefined)

export function factsOf(capabilities: Capabilities): ClientFacts {
  const { session, elicitation, fs, terminal, auth, _meta } = capabilities ?? {}
  return {
    hasForms: elicitation?.form != null,
    hasFiles: fs?.readTextFile === true,
    writesFiles: fs?.readTextFile === true && fs.writeTextFile === true,
    hasTerminals: terminal === true,
    logsIn: auth?.terminal === true,
    showsOutput: _meta?.terminal_output === true,
    notices: notices({ hasNotices: session?.notices != null, hasCompaction: session?.compaction != null }),
  }
}

/** What it is attached to answer. */
export function answersOf({ hasForms, hasFiles, hasTerminals }: ClientFacts): Answerable[] {
  return [
    "approval",
    ...(hasForms ? (["question"] as const) : []),
    ...(hasFiles ? (["fs"] as const) : []),
    ...(hasTerminals ? (["terminal"] as const) : []),
  ]
}
