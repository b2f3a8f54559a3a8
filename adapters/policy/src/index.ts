export { isListed, judgeHost } from "./hosts/judge-host.ts"
export { type PolicyOptions, policy } from "./judge/judge.ts"
