// O_PATH (open(2)), which neither Node nor Bun names: opens without any right to what is opened, and without waking a device.
export const pathOnly = 0o10_000_000;
