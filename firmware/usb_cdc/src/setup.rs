//! The octets that a control transfer begins with.

/// A request of the host (9.3, table 9-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setup {
    /// Direction, type and recipient.
    pub kind: u8,
    /// Which request.
    pub request: u8,
    /// As the request has it.
    pub value: u16,
    /// As the request has it; often an interface or an endpoint.
    pub index: u16,
    /// How many octets follow, or how many the host takes.
    pub length: u16,
}

/// So many octets it has.
pub const SETUP_OCTETS: usize = 8;

impl Setup {
    /// Reads it.
    pub const fn read(octets: [u8; SETUP_OCTETS]) -> Self {
        let [kind, request, v0, v1, i0, i1, l0, l1] = octets;
        Self {
            kind,
            request,
            value: u16::from_le_bytes([v0, v1]),
            index: u16::from_le_bytes([i0, i1]),
            length: u16::from_le_bytes([l0, l1]),
        }
    }

    /// Whether data goes to the host.
    pub const fn is_in(&self) -> bool {
        self.kind & 0x80 != 0
    }
}
