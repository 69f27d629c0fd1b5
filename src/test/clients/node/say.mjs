// What a client script gets and says.
//
// Argument: JSON with url, cursor, wantedCollections, wantedDids, and the path of a dictionary for those that can decompress.
// Standard output: each event as a line of JSON; "#open" when a connection is made, "#error …" when the client reports one.
// Standard input: a line of JSON for each change of options; its end ends the script.
import { createInterface } from "node:readline";

export const asked = JSON.parse(process.argv[2]);

const print = (line) => process.stdout.write(line + "\n");

export const event = (it) => print(JSON.stringify(it));
export const text = print;
export const open = () => print("#open");
export const error = (it) => print("#error " + String(it?.message ?? it).replaceAll("\n", " "));

export const onUpdate = (apply) => {
	const lines = createInterface({ input: process.stdin });
	lines.on("line", (line) => apply(JSON.parse(line)));
	lines.on("close", () => process.exit(0));
};
