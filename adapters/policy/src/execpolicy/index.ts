export { type Checked, check } from "./check.ts"
export { type ExecPolicy, PolicyFileError, readPolicy } from "./rules.ts"
