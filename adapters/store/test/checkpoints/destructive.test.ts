import { afterAll, beforeAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { bash, DIRTY_REPOSITORY, stateOf, undoing, workspace } from "./workspace.ts"

/** Ways in which an agent has destroyed, or could destroy, work: one command each, in a dirty repository. */
const FORMS = [
  "rm -rf src",
  "rm -rf ./* .git .gitignore",
  "rm untracked.txt key.secret",
  "rm -rf -- *",
  "find . -delete",
  "find . -name '*.txt' -delete",
  "find . -type f -exec rm {} +",
  "find src -print0 | xargs -0 rm -rf",
  "ls | xargs rm -rf",
  "git reset --hard",
  "git reset --hard HEAD~1",
  "git reset -q",
  "git clean -fd",
  "git clean -fdx",
  "git clean -fdX",
  "git clean -ffdx",
  "git checkout -- .",
  "git checkout -f side",
  "git checkout side -- src/a.txt",
  "git switch -q --discard-changes side",
  "git restore .",
  "git restore --staged --worktree .",
  "git stash",
  "git stash -u",
  "git stash -a",
  "git stash drop",
  "git stash clear",
  "git branch -D side",
  "git update-ref -d refs/heads/side",
  "git reflog expire --expire=now --all && git gc --prune=now",
  "git commit --amend -qam rewritten",
  "git rebase -q --autostash side",
  "git rm -rfq .",
  "git read-tree -u --reset side",
  "git stash -q && FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f --index-filter 'git rm -q --cached src/a.txt' HEAD",
  "git worktree add ../other side && git worktree remove --force ../other",
  "rm -rf .git",
  "rm -rf nested/.git",
  "rm -rf nested && git -C . status",
  "mv src/b.txt src/a.txt",
  "mv -f untracked.txt key.secret",
  "mv docs src/deep",
  "cp /dev/null src/a.txt",
  "cp -f src/a.txt src/b.txt",
  ": > src/a.txt",
  "> untracked.txt",
  "echo x > 'a b'",
  "truncate -s 0 src/b.txt",
  "truncate -s 1 src/binary",
  "dd if=/dev/zero of=src/b.txt bs=10 count=3",
  "dd if=/dev/urandom of=key.secret bs=16 count=4 conv=notrunc",
  "shred -u untracked.txt",
  "tee src/a.txt < /dev/null",
  "sed -i d src/b.txt",
  "sed -i 's/./x/g' src/*",
  "perl -pi -e 's/.*//' src/a.txt",
  "perl -e 'unlink glob \"src/*\"'",
  "python3 -c 'import shutil; shutil.rmtree(\"src\")'",
  'python3 -c \'import os; os.remove("untracked.txt"); os.truncate("src/b.txt", 3)\'',
  'python3 -c \'open("src/a.txt", "w")\'',
  'python3 -c \'import os; os.replace("src/b.txt", "src/a.txt")\'',
  "python3 - <<'X'\nimport mmap\nwith open('src/b.txt', 'r+b') as f:\n  m = mmap.mmap(f.fileno(), 0); m[0:5] = b'XXXXX'; m.flush()\nX",
  "env rm -rf docs",
  "command rm -rf docs",
  "\\rm -rf docs",
  "busybox rm -rf docs || rm -rf docs",
  "bash -c 'rm -rf src'",
  "eval 'rm -r'f' src'",
  'sh -c "$(echo cm0gLXJmIHNyYw== | base64 -d)"',
  "nohup rm -rf src",
  "timeout 5 rm -rf src",
  "(cd src && rm -rf *)",
  'for f in src/*; do rm -rf "$f"; done',
  "unlink dangling; unlink folder-link; unlink docs/link",
  "ln -sf /etc/passwd src/a.txt",
  "rm -rf src && ln -s docs src",
  "rm -rf src && echo now a file > src",
  "rm docs/d.md && mkdir -p docs/d.md/inside",
  "rsync -a --delete empty/ src/ || rm -rf src/*",
  "tar cf - docs | tar xf - -C src && rm -rf docs",
  "install -m 600 /dev/null src/a.txt",
  "patch -p0 <<'X'\n--- src/a.txt\n+++ src/a.txt\n@@ -1,2 +1,2 @@\n-one\n+2\n two\nX",
  "chmod -R 000 src",
  "chmod -R 777 .",
  "chmod 644 bin/run",
  "rmdir empty",
  "touch -d '2001-01-01' src/a.txt && echo same-size-1 > 'a b'",
  "printf 'TWO' | dd of=src/a.txt bs=1 seek=4 conv=notrunc && touch -r src/b.txt src/a.txt",
  "ln key.secret other && echo through the other name > other",
  "mkdir -p x/y/z && mv src x/y/z && mv x/y/z/src/deep . && rm -rf x",
]

let template = ""
beforeAll(async () => {
  template = mkdtempSync(`${tmpdir()}/skein-template-`)
  await bash(template, DIRTY_REPOSITORY)
})
afterAll(() => rmSync(template, { recursive: true, force: true }))

test("whatever destroys work in a repository, undo brings back each byte of it", async () => {
  const left = [...FORMS]
  const harmless: string[] = []
  const lane = async () => {
    await using own = workspace()
    await bash(own.base, `cp -a ${template}/. ${own.root}/`)
    const start = stateOf(own.root)
    for (let form = left.pop(); form !== undefined; form = left.pop()) {
      const { changes } = await own.bash(form)
      if (JSON.stringify(stateOf(own.root)) === JSON.stringify(start)) harmless.push(form)
      const { conflicts } = await own.port.restore(undoing(changes), "refuse")
      expect({ form, conflicts, state: stateOf(own.root) }).toEqual({ form, conflicts: [], state: start })
    }
  }
  await Promise.all([lane(), lane(), lane()])
  // A machine may have no program for some: what is left is a list of destruction.
  expect(FORMS.length - harmless.length).toBeGreaterThanOrEqual(60)
}, 120_000)
