/** Lints imports as if they stood in given files: `[file, imported][]` as JSON on stdin, messages per case on stdout. */
import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';

const eslint = new ESLint();
const answers = [];
for (const [file, imported] of JSON.parse(await text(process.stdin))) {
  const code = `import * as probe from '${imported}';\n\nexport const used: unknown = probe;\n`;
  const [result] = await eslint.lintText(code, { filePath: file });
  answers.push(
    result.messages
      .filter((message) => message.ruleId === '@nx/enforce-module-boundaries')
      .map((m) => m.message),
  );
}
process.stdout.write(JSON.stringify(answers));
