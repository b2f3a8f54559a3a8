/** What a client does itself on the server's machine. */
export const MACHINE_TYPES = `
type AbsolutePathBuf = string
type NetworkAccess = "restricted" | "enabled"
type SandboxPolicy =
  | { type: "dangerFullAccess" }
  | { type: "readOnly", networkAccess?: boolean }
  | { type: "externalSandbox", networkAccess?: NetworkAccess }
  | {
      type: "workspaceWrite", writableRoots?: AbsolutePathBuf[], networkAccess?: boolean,
      excludeTmpdirEnvVar?: boolean, excludeSlashTmp?: boolean
    }
type CommandExecTerminalSize = { rows: integer, cols: integer }
type CommandExecOutputStream = "stdout" | "stderr"
type CommandExecParams = {
  command: string[], cwd?: string | null, env?: Record<string, string | null> | null, processId?: string | null,
  tty?: boolean, size?: CommandExecTerminalSize | null, streamStdin?: boolean, streamStdoutStderr?: boolean,
  outputBytesCap?: integer | null, disableOutputCap?: boolean, timeoutMs?: integer | null, disableTimeout?: boolean,
  sandboxPolicy?: SandboxPolicy | null
}
type CommandExecResponse = { exitCode: integer, stdout: string, stderr: string }
type CommandExecWriteParams = { processId: string, deltaBase64?: string | null, closeStdin?: boolean }
type CommandExecWriteResponse = {}
type CommandExecResizeParams = { processId: string, size: CommandExecTerminalSize }
type CommandExecResizeResponse = {}
type CommandExecTerminateParams = { processId: string }
type CommandExecTerminateResponse = {}
type CommandExecOutputDeltaNotification = {
  processId: string, stream: CommandExecOutputStream, deltaBase64: string, capReached: boolean
}
type ProcessTerminalSize = { rows: integer, cols: integer }
type ProcessOutputStream = "stdout" | "stderr"
type ProcessSpawnParams = {
  command: string[], processHandle: string, cwd: AbsolutePathBuf, env?: Record<string, string | null> | null,
  tty?: boolean, size?: ProcessTerminalSize | null, streamStdin?: boolean, streamStdoutStderr?: boolean,
  outputBytesCap?: integer | null, timeoutMs?: integer | null
}
type ProcessSpawnResponse = {}
type ProcessWriteStdinParams = { processHandle: string, deltaBase64?: string | null, closeStdin?: boolean }
type ProcessWriteStdinResponse = {}
type ProcessResizePtyParams = { processHandle: string, size: ProcessTerminalSize }
type ProcessResizePtyResponse = {}
type ProcessKillParams = { processHandle: string }
type ProcessKillResponse = {}
type ProcessOutputDeltaNotification = {
  processHandle: string, stream: ProcessOutputStream, deltaBase64: string, capReached: boolean
}
type ProcessExitedNotification = {
  processHandle: string, exitCode: integer, stdout: string, stdoutCapReached: boolean, stderr: string,
  stderrCapReached: boolean
}
type FsReadFileParams = { path: AbsolutePathBuf }
type FsReadFileResponse = { dataBase64: string }
type FsWriteFileParams = { path: AbsolutePathBuf, dataBase64: string }
type FsWriteFileResponse = {}
type FsCreateDirectoryParams = { path: AbsolutePathBuf, recursive?: boolean | null }
type FsCreateDirectoryResponse = {}
type FsGetMetadataParams = { path: AbsolutePathBuf }
type FsGetMetadataResponse = {
  isDirectory: boolean, isFile: boolean, isSymlink: boolean, createdAtMs: integer, modifiedAtMs: integer
}
type FsReadDirectoryParams = { path: AbsolutePathBuf }
type FsReadDirectoryEntry = { fileName: string, isDirectory: boolean, isFile: boolean }
type FsReadDirectoryResponse = { entries: FsReadDirectoryEntry[] }
type FsRemoveParams = { path: AbsolutePathBuf, recursive?: boolean | null, force?: boolean | null }
type FsRemoveResponse = {}
type FsCopyParams = { sourcePath: AbsolutePathBuf, destinationPath: AbsolutePathBuf, recursive?: boolean }
type FsCopyResponse = {}
type FsWatchParams = { path: AbsolutePathBuf, watchId: string }
type FsWatchResponse = { path: AbsolutePathBuf }
type FsUnwatchParams = { watchId: string }
type FsUnwatchResponse = {}
type FsChangedNotification = { watchId: string, changedPaths: AbsolutePathBuf[] }
type GitSha = string
type GitDiffToRemoteParams = { cwd: string }
type GitDiffToRemoteResponse = { sha: GitSha, diff: string }
type FuzzyFileSearchMatchType = "file" | "directory"
type FuzzyFileSearchResult = {
  root: string, path: string, match_type: FuzzyFileSearchMatchType, file_name: string, score: integer,
  indices: integer[] | null
}
type FuzzyFileSearchParams = { query: string, roots: string[], cancellationToken?: string | null }
type FuzzyFileSearchResponse = { files: FuzzyFileSearchResult[] }
type FuzzyFileSearchSessionStartParams = { sessionId: string, roots: string[] }
type FuzzyFileSearchSessionStartResponse = {}
type FuzzyFileSearchSessionUpdateParams = { sessionId: string, query: string }
type FuzzyFileSearchSessionUpdateResponse = {}
type FuzzyFileSearchSessionStopParams = { sessionId: string }
type FuzzyFileSearchSessionStopResponse = {}
type FuzzyFileSearchSessionUpdatedNotification = { sessionId: string, query: string, files: FuzzyFileSearchResult[] }
type FuzzyFileSearchSessionCompletedNotification = { sessionId: string }
`
