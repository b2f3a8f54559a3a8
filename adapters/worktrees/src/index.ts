export { type WorktreesOptions, worktrees } from "./worktrees.ts"
