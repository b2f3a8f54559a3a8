export { assertAcceptable } from "./acceptable.ts"
export { selfSigned } from "./certificate.ts"
export { cataloguePortContract } from "./contracts/catalogue.ts"
export { type CheckpointsUnderTest, checkpointsPortContract } from "./contracts/checkpoints.ts"
export { type ExecWorld, execPortContract } from "./contracts/exec.ts"
export { type FilesUnderTest, filesPortContract } from "./contracts/files.ts"
export { type HookDeed, type HooksUnderTest, hooksPortContract } from "./contracts/hooks.ts"
export { logsPortContract, sessionEvents } from "./contracts/logs.ts"
export { type ModelUnderTest, modelPortContract, type ProviderState } from "./contracts/model.ts"
export { type ProcessesWorld, processesPortContract } from "./contracts/processes.ts"
export { type Deed, type FakeAgents, fakeAgents } from "./fake-agents.ts"
export { type FakeCommand, type FakeExec, fakeExec } from "./fake-exec.ts"
export { type FakeHooks, fakeHooks, type HookScript } from "./fake-hooks.ts"
export { type FakeProcess, type FakeProcesses, fakeProcesses } from "./fake-processes.ts"
export { fakeShell } from "./fake-shell.ts"
export { localProcesses } from "./local-processes.ts"
export { type MemoryArtifacts, memoryArtifacts } from "./memory-artifacts.ts"
export { type MemoryAudit, memoryAudit } from "./memory-audit.ts"
export { memoryCatalogue } from "./memory-catalogue.ts"
export { type MemoryCheckpoints, memoryCheckpoints, noCheckpoints } from "./memory-checkpoints.ts"
export { type MemoryFiles, memoryFiles } from "./memory-files.ts"
export { type MemoryLayers, memoryLayers, noLayers } from "./memory-layers.ts"
export { type Log, type MemoryLogs, memoryLogs } from "./memory-logs.ts"
export {
  listen,
  openSession,
  play,
  submit,
  submitText,
  TEST_SETTINGS,
  type TestSession,
  testEngine,
  testPorts,
  transcript,
} from "./play.ts"
export {
  call,
  calls,
  fail,
  type Scripted,
  type ScriptedBurst,
  type ScriptedModel,
  say,
  scriptedModel,
  scriptedModelWith,
} from "./scripted-model.ts"
export { testPolicy } from "./test-policy.ts"
export { type TestTool, testShell, testTools } from "./tools.ts"
export { countingRandom, type FakeClock, fakeClock, quarterTokens } from "./world.ts"
