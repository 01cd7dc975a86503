import type { DeskGrantPartsFragment, GrantStatus } from "@/gql/graphql";
import { d } from "@/desk/words";

export const TONES: Readonly<Record<GrantStatus, string>> = {
  REQUESTED: "warn",
  PARTLY_APPROVED: "warn",
  ACTIVE: "good",
  PAUSED: "warn",
  REVOKED: "",
  EXPIRED: "",
  EXHAUSTED: "",
  REJECTED: "",
  LAPSED: "",
  TERMINATED: "",
};

/** Statuses as an officer looks for them. */
export const FILTERS: Readonly<Record<Filter, GrantStatus[] | null>> = {
  ALL: null,
  WAITING: ["REQUESTED", "PARTLY_APPROVED"],
  ACTIVE: ["ACTIVE"],
  PAUSED: ["PAUSED"],
  ENDED: ["REVOKED", "EXPIRED", "EXHAUSTED", "REJECTED", "LAPSED", "TERMINATED"],
};
export type Filter = "ALL" | "WAITING" | "ACTIVE" | "PAUSED" | "ENDED";

type Standing = Pick<DeskGrantPartsFragment, "status" | "endedBy">;

/** How a grant stands, in a plain sentence. */
export function stateOf({ status, endedBy }: Standing): string {
  if (status === "LAPSED" && endedBy === "RECIPIENT") return d("recipient.state.withdrawn");
  if (status === "TERMINATED" && endedBy === "RECIPIENT") return d("recipient.state.handedBack");
  if (status === "TERMINATED" && endedBy === "AUTHORITY") return d("recipient.state.authority");
  return d(`recipient.state.${status}`);
}

/** What its recipient may still do: withdraw what waits, hand back what runs. */
export function endingOf(status: GrantStatus): "withdraw" | "relinquish" | null {
  if (status === "REQUESTED" || status === "PARTLY_APPROVED") return "withdraw";
  return status === "ACTIVE" || status === "PAUSED" ? "relinquish" : null;
}
