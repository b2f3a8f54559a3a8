import { describe, expect, test } from "bun:test"
import type { SimpleCommand } from "@skein/core/ports"
import { PLACE, understand, understandArgv } from "./corpus.ts"

const argvOf = async (line: string) => (await understand(line)).commands.map(({ argv }) => argv)
const programs = async (line: string) => (await argvOf(line)).map(([program]) => program)
const last = async (line: string): Promise<SimpleCommand> => {
  const found = (await understand(line)).commands.at(-1)
  if (found === undefined) throw new Error(`No command in ${line}`)
  return found
}

describe("words", () => {
  test("are as the shell would pass them", async () => {
    expect(await argvOf(`r''m "a b" 'c'"d" e\\ f $'g\\x68' ~/x`)).toEqual([["rm", "a b", "cd", "e f", "gh", "/h/u/x"]])
  })

  test("that only running tells are undefined", async () => {
    expect(await argvOf('ls $a "$b" *.ts {c,d} ~other x"$e"')).toEqual([
      ["ls", undefined, undefined, undefined, undefined, undefined, undefined],
    ])
  })

  test("name a program of the system without its folder, and any other with it", async () => {
    expect(await programs("/usr/bin/ls; /bin/../bin/ls; /proc/self/root/usr/bin/ls; ./ls; /tmp/ls")).toEqual([
      "ls",
      "ls",
      "ls",
      "./ls",
      "/tmp/ls",
    ])
  })

  test("of a program and its arguments are read by no shell", async () => {
    const { commands, unclear } = await understandArgv(["echo", "$(rm x)", "; rm y"])

    expect(commands.map(({ argv }) => argv)).toEqual([["echo", "$(rm x)", "; rm y"]])
    expect(unclear).toBeUndefined()
    expect((await understandArgv(["sh", "-c", "rm x"])).commands.map(({ argv }) => argv[0])).toEqual(["sh", "rm"])
    expect((await understandArgv([])).unclear).toBe("There is no program")
  })
})

describe("every command", () => {
  test("is found in every branch, loop, function, group and substitution, in the order of the text", async () => {
    const line =
      "if a; then b; elif c; then d; else e; fi; for i in $(f); do g; done; while h; do i; done; case j in k) l;; esac; m() { n; }; (o); { p; }; ! q; r | s & t && u || v"
    expect(await programs(line)).toEqual("a b c d e f g h i l n o p q r s t u v".split(" "))
  })

  test("is found behind wrappers, with what they add", async () => {
    expect(await argvOf("env A=1 timeout -s KILL 5 nice -n 3 npm test")).toEqual([
      ["env", "A=1", "timeout", "-s", "KILL", "5", "nice", "-n", "3", "npm", "test"],
      ["timeout", "-s", "KILL", "5", "nice", "-n", "3", "npm", "test"],
      ["nice", "-n", "3", "npm", "test"],
      ["npm", "test"],
    ])
    expect(await argvOf("xargs -0 rm -f")).toEqual([
      ["xargs", "-0", "rm", "-f"],
      ["rm", "-f", undefined],
    ])
    expect((await argvOf("find . -exec cp {} {}.bak \\;")).at(-1)).toEqual(["cp", undefined, undefined])
    expect(await programs("bash -lc 'a && b'; sudo c; ssh h 'd; e'; eval \"f g\"; trap 'h' EXIT")).toEqual(
      "bash a b sudo c ssh d e eval f trap h".split(" "),
    )
  })

  test("is found behind the shell's own words", async () => {
    expect(await programs("time A=1 rm x; time ! rm x; time -p rm x; ! time rm x")).toEqual(
      "time rm time rm time rm time rm".split(" "),
    )
  })

  test("is found in what a here-document feeds to a shell", async () => {
    expect(await programs("bash <<'EOF'\nrm x\nEOF\nls")).toEqual(["bash", "rm", "ls"])
    expect(await programs("cat <<'EOF'\nrm x\nEOF\nls")).toEqual(["cat", "ls"])
    expect(await programs("cat <<EOF | tee f\n$(rm x)\nEOF")).toEqual(["rm", "cat", "tee"])
  })

  test("tells the files it writes and reads, absolute, and the hosts it names", async () => {
    expect(await last("cat a ../b < c > d 2>> /e &> /dev/null")).toMatchObject({
      writes: ["/w/app/d", "/e"],
      reads: ["/w/app/a", "/w/b", "/w/app/c"],
      risks: ["write"],
    })
    expect((await last("cp a b c")).writes).toEqual(["/w/app/c"])
    expect((await last("sed -i s/a/b/ x y")).writes).toEqual(["/w/app/x", "/w/app/y"])
    expect((await last("curl -s https://user@Example.org:8443/x http://localhost:3000")).hosts).toEqual([
      "example.org:8443",
      "localhost:3000",
    ])
    expect((await last("npm install left-pad")).hosts).toEqual(["registry.npmjs.org:443"])
    expect((await last("git clone git@github.com:a/b.git")).hosts).toEqual(["github.com:22"])
  })

  test("tells the files it reads by its options, in the same word or the next, and where git looks", async () => {
    const lines: readonly (readonly [string, string])[] = [
      ["expand /x/key", "/x/key"],
      ["grep --file=/x/key README", "/x/key"],
      ["grep -nf/x/key README", "/x/key"],
      ["rg --file=/x/key a", "/x/key"],
      ["wc --files0-from=/x/key", "/x/key"],
      ["diff --from-file=/x/key README", "/x/key"],
      ["file -f /x/key", "/x/key"],
      ["tar -tf /x/key", "/x/key"],
      ["dd if=/x/key", "/x/key"],
      ["git diff /dev/null /x/key", "/x/key"],
      ["git diff --no-index a ../../x/key", "/x/key"],
      ["git grep -f /x/key a", "/x/key"],
      ["git ls-files -X /x/key", "/x/key"],
      ["git blame -S /x/key a", "/x/key"],
      ["git -C /x/key log", "/x/key"],
    ]
    for (const [line, path] of lines) {
      const { commands } = await understand(line)
      expect([line, commands[0]?.reads]).toEqual([line, expect.arrayContaining([path])])
    }
    expect((await understand("git grep /api/users")).commands[0]?.reads).toEqual([])
  })

  test("tells that what it reads is only known when it runs, where it may lie anywhere", async () => {
    const hidden = [
      "cat $X",
      'head "$X"',
      "cat ~u/key",
      "wc < $X",
      "dd if=$X",
      "cat a*/../../key",
      "cat {/etc/shadow,README}",
      "cat src/{../../../key,b}",
      "cat list | xargs cat",
      "echo /o/notes | xargs cat",
      "find . -printf '/o/notes' | xargs cat",
      "find / -name notes | xargs -I{} cat {}",
      "grep -h . list | xargs cat",
      "ls > f | xargs cat",
      "find . | sed s,^,/o/, | xargs cat",
      "cd $X && cat *",
      "for f in /etc/*; do cat $f; done",
      "for f in a ../b; do cat $f; done",
      "f=/etc/shadow; for f in a; do :; done; cat $f",
      "for f in a; do :; done; f=/etc/shadow; cat $f",
      "for f in a; do cat $f/../../key; done",
      "for f in a; do read f; cat $f; done",
    ]
    const known = [
      "for f in *.ts src/*; do head -3 $f; done",
      "for f in a b; do cat $f.txt; done",
      "diff <(ls a) <(ls b)",

      "cat *.ts",
      "ls | xargs cat",
      "find . -name '*.ts' | grep -v test | head -5 | xargs wc -l",
      "git ls-files | xargs -I{} cat {}",
      "git diff --name-only | xargs grep -n TODO",
      "grep -rl foo src | xargs head",
      "cat src/{a,b}.ts",
      "ls f{1..3}",
      "cat <(ls)",
      'echo "$X"',
      "[ -f $X ]",
      "grep $X src/*.ts",
    ]
    const blind = async (line: string) => (await understand(line)).commands.some((one) => one.readsUnknown === true)
    for (const line of hidden) expect([line, await blind(line)]).toEqual([line, true])
    for (const line of known) expect([line, await blind(line)]).toEqual([line, false])
  })

  test("tells the files behind the home, behind names that the line itself sets, and in folders that patterns begin with", async () => {
    const reads = async (line: string) => (await understand(line)).commands.flatMap((one) => one.reads)
    for (const [line, files] of [
      ["cat $HOME/notes", ["/h/u/notes"]],
      ['F=/o/notes; cat "$F"', ["/o/notes"]],
      ["F=sub; cat ${F}/notes", ["/w/app/sub/notes"]],
      ["cat < $HOME/notes", ["/h/u/notes"]],
      ["cat /h*/u/notes", ["/"]],
      ["xargs -a notes.md echo", ["/w/app/notes.md"]],
      ["git blame notes.md", ["/w/app/notes.md"]],
      ["git diff --no-index /dev/null notes.md", ["/dev/null", "/w/app/notes.md"]],
      ["git grep --no-index x notes.md", ["/w/app/notes.md"]],
      ["git log -p -- notes.md", ["/w/app/notes.md"]],
      ["vdir notes.md", ["/w/app/notes.md"]],
    ] as const)
      expect([line, await reads(line)]).toEqual([line, [...files]])
    for (const line of [
      "F=a; read F <<< /o/notes; cat $F",
      "F=a; read F''F <<< /o/notes; cat $F",
      "F=a; F=/o/notes; cat $F",
      "F=a; for F in /o/*; do cat $F; done",
      "F=a; G=F; read $G <<< /o; cat $F",
      "F=a; printf -v F /o/notes; cat $F",
      "F=; cat ${F:=/o/notes} $F",
      "F='/o/a /o/b'; cat $F",
    ])
      expect([line, (await understand(line)).commands.some((one) => one.readsUnknown === true)]).toEqual([line, true])
  })

  test("tells what it sets for itself that is not known to be harmless", async () => {
    expect((await last("CI=1 NODE_ENV=test npm test")).assigns).toEqual([])
    expect(await last("FOO=1 npm test")).toMatchObject({ assigns: ["FOO=1"], risks: ["execute"] })
    expect((await last("FOO=1 npm test")).pattern).toBeUndefined()
    expect(await last("PATH=.:$PATH ls")).toMatchObject({ assigns: ["PATH=.:$PATH"], risks: ["unknown"] })
    expect(await last("export GIT_EXTERNAL_DIFF=x; git diff")).toMatchObject({ risks: ["unknown"] })
  })
})

describe("the folder", () => {
  const folders = async (line: string) => (await understand(line)).commands.map(({ cwd }) => cwd)

  test("is followed through the line", async () => {
    expect(await folders("cd sub && ls && cd .. && ls")).toEqual(["/w/app", "/w/app/sub", "/w/app/sub", "/w/app"])
    expect(await folders("(cd sub && ls); ls")).toEqual(["/w/app", "/w/app/sub", "/w/app"])
    expect(await folders("echo $(cd sub && ls); ls | cd x; ls")).toEqual([
      ...["/w/app", "/w/app/sub", "/w/app"],
      ...["/w/app", "/w/app", "/w/app"],
    ])
    for (const prefix of ["command", "builtin", "time", "command -p"])
      expect(await folders(`${prefix} cd sub && ls`)).toEqual(["/w/app", "/w/app", "/w/app/sub"])
    expect((await last("cd sub && echo x > f")).writes).toEqual(["/w/app/sub/f"])
    expect(await last("cd; echo x > .bashrc")).toMatchObject({
      writes: ["/h/u/.bashrc"],
      risks: ["escalate", "write"],
    })
  })

  test("is not known where a change may have failed, or its target is only known when it runs", async () => {
    for (const line of [
      "cd sub; ls",
      "cd sub || ls",
      "cd $X && ls",
      "cd - && ls",
      "CDPATH=/x; cd sub && ls",
      "source x && ls",
    ]) {
      expect([line, (await folders(line)).at(-1)]).toEqual([line, undefined])
    }
    expect(await folders("for i in a b; do ls; cd $i; done; ls")).toEqual([undefined, undefined, undefined])
    expect((await folders("f() { cd /x; }; f; ls")).at(-1)).toBeUndefined()
    expect((await folders("if a; then cd x; fi; ls")).at(-1)).toBeUndefined()
    expect((await folders("eval 'cd /x'; ls")).at(-1)).toBeUndefined()
    expect((await last("cd sub; echo x > f")).writes).toEqual(["f"])
  })

  test("is sure where the folder must be there", async () => {
    expect(await folders("cd /w/app; ls")).toEqual(["/w/app", "/w/app"])
    expect((await understand("cd /w; ls", PLACE)).commands.at(-1)?.cwd).toBe("/w")
  })
})
