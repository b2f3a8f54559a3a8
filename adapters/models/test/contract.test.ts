import { modelPortContract } from "@skein/testkit"
import { CASES, PROMPT, requestFor, TOOL_PROMPT } from "./cases.ts"
import { overTape } from "./tapes.ts"

for (const { wire, model } of CASES) {
  modelPortContract(`${wire}, giving a text,`, requestFor(model, PROMPT), (state) => overTape(wire, "text", state))
}
for (const { wire, model } of CASES.filter(({ wire }) => wire !== "google-gemini")) {
  modelPortContract(`${wire}, asking for a call,`, requestFor(model, TOOL_PROMPT), (state) =>
    overTape(wire, "call", state),
  )
}
