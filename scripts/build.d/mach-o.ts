// macOS's executables, as the bundler leaves them: the signature of the one for x64 is still Bun's own, of other bytes.
const [headSize, LC_SEGMENT_64, LC_CODE_SIGNATURE] = [32, 0x19, 0x1d];

/**
 * As codesign --remove-signature does. macOS runs what has none on x64; what has a wrong one it ends. That for arm64, where
 * one is needed, the bundler has signed.
 * @param file of mach-o/loader.h, 64 bits
 */
export function withoutSignature(file: Buffer): Buffer {
  const commands = listCommands(file);
  const last = commands.at(-1);
  const linkEdit = commands.find(
    ({ kind, at }) => kind === LC_SEGMENT_64 && file.toString('latin1', at + 8, at + 24).startsWith('__LINKEDIT\0'),
  );
  if (last?.kind !== LC_CODE_SIGNATURE || linkEdit === undefined)
    throw new Error('this executable is signed in another way');
  const signature = file.readUInt32LE(last.at + 8);
  const made = Buffer.from(file.subarray(0, signature));
  made.writeUInt32LE(commands.length - 1, 16);
  made.writeUInt32LE(file.readUInt32LE(20) - last.size, 20);
  made.fill(0, last.at, last.at + last.size);
  // Its filesize, from its fileoff on.
  made.writeBigUInt64LE(BigInt(signature) - file.readBigUInt64LE(linkEdit.at + 40), linkEdit.at + 48);
  return made;
}

interface Command {
  readonly kind: number;
  readonly at: number;
  readonly size: number;
}

function listCommands(file: Buffer): readonly Command[] {
  const commands: Command[] = [];
  let at = headSize;
  for (let left = file.readUInt32LE(16); left > 0; left -= 1) {
    const size = file.readUInt32LE(at + 4);
    commands.push({ kind: file.readUInt32LE(at), at, size });
    at += size;
  }
  return commands;
}
