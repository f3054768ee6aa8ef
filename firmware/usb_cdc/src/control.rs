//! The control pipe: requests of the host, packet by packet.
//!
//! A transfer is a setup, perhaps data, and an empty packet the other way that says that all is done (8.5.3). Each call of
//! [`Control::poll`] does what the hardware has room for and returns: a host that is slow or gone stops nothing.

use crate::descriptors::{
    COMMUNICATIONS, CONFIGURATION, Descriptor, ENDPOINTS, INTERFACES, PACKET_OCTETS, TO_HOST,
};
use crate::serial::{LINE_CODING_OCTETS, Serial};
use crate::setup::{SETUP_OCTETS, Setup};

/// What the hardware does for the control pipe.
pub trait Hardware {
    /// The setup that has come, once. It ends whatever was in progress.
    fn take_setup(&mut self) -> Option<[u8; SETUP_OCTETS]>;
    /// Whether a packet to the host can be given; the one before has then been taken.
    fn can_send(&mut self) -> bool;
    /// Gives a packet of at most [`PACKET_OCTETS`].
    fn send(&mut self, octets: impl Iterator<Item = u8>);
    /// Whether a packet of the host is there.
    fn has_received(&mut self) -> bool;
    /// Takes it. What does not fit is left out; how many octets it had.
    fn receive(&mut self, octets: &mut [u8]) -> usize;
    /// Refuses the transfer, until the next setup.
    fn stall(&mut self);
    /// The address that holds as soon as it is enabled.
    fn set_address(&mut self, address: u8);
    /// The address holds from now on.
    fn enable_address(&mut self);
    /// Sets up the other endpoints afresh, or switches them off.
    fn configure(&mut self, is_configured: bool);
    /// Whether an endpoint other than that of control refuses all.
    fn is_halted(&mut self, endpoint: u8) -> bool;
    /// Sets that. Not halted any more, it begins with the first of both data packets (9.4.5).
    fn set_halted(&mut self, endpoint: u8, is_halted: bool);
}

/// The control pipe of a serial port.
#[derive(Clone, Copy, Debug)]
pub struct Control {
    stage: Stage,
    configuration: u8,
    serial: Serial,
}

/// Where a transfer stands.
#[derive(Clone, Copy, Debug)]
enum Stage {
    Idle,
    /// The board has octets from `sent` to `end` still to send, and an empty packet behind them where that shows the end.
    Sending {
        answer: Answer,
        sent: u16,
        end: u16,
        is_short: bool,
    },
    /// A line coding is to come.
    LineCoding,
    /// All was sent; the host still has to say so.
    HostConfirms,
    /// The board has to say so: by an empty packet that is still to be given, or was.
    BoardConfirms {
        is_addressed: bool,
        is_given: bool,
    },
}

/// What is sent to the host.
#[derive(Clone, Copy, Debug)]
enum Answer {
    Descriptor(Descriptor),
    LineCoding,
    /// One octet, or with a zero behind it a status.
    Octet(u8),
}

/// Requests (table 9-4; PSTN, table 13), together with the kinds that have them here (table 9-2).
mod request {
    pub const DEVICE_GET_STATUS: (u8, u8) = (0x80, 0);
    pub const INTERFACE_GET_STATUS: (u8, u8) = (0x81, 0);
    pub const ENDPOINT_GET_STATUS: (u8, u8) = (0x82, 0);
    pub const ENDPOINT_CLEAR_FEATURE: (u8, u8) = (0x02, 1);
    pub const ENDPOINT_SET_FEATURE: (u8, u8) = (0x02, 3);
    pub const SET_ADDRESS: (u8, u8) = (0x00, 5);
    pub const GET_DESCRIPTOR: (u8, u8) = (0x80, 6);
    pub const GET_CONFIGURATION: (u8, u8) = (0x80, 8);
    pub const SET_CONFIGURATION: (u8, u8) = (0x00, 9);
    pub const GET_INTERFACE: (u8, u8) = (0x81, 10);
    pub const SET_INTERFACE: (u8, u8) = (0x01, 11);
    pub const SET_LINE_CODING: (u8, u8) = (0x21, 0x20);
    pub const GET_LINE_CODING: (u8, u8) = (0xA1, 0x21);
    pub const SET_CONTROL_LINE_STATE: (u8, u8) = (0x21, 0x22);
}

/// The only feature of an endpoint (table 9-6).
const ENDPOINT_HALT: u16 = 0;

/// The host asks for what is not there, or at the wrong time.
struct Refused;

impl Control {
    /// A device that was plugged in.
    pub const fn new() -> Self {
        Self { stage: Stage::Idle, configuration: 0, serial: Serial::CLOSED }
    }

    /// The host reset the bus (9.1.1.3).
    pub const fn reset(&mut self) {
        *self = Self::new();
    }

    /// Whether the host has chosen the configuration, so that data can flow.
    pub const fn is_configured(&self) -> bool {
        self.configuration != 0
    }

    /// The serial port as the host has set it.
    pub const fn serial(&self) -> &Serial {
        &self.serial
    }

    /// Goes on with what the host asked for, as far as it goes now.
    pub fn poll(&mut self, hardware: &mut impl Hardware) {
        if let Some(octets) = hardware.take_setup() {
            self.stage = Stage::Idle;
            let setup = Setup::read(octets);
            if self.begin(setup, hardware).is_err() {
                hardware.stall();
            }
        }
        match self.stage {
            Stage::Idle => {}
            Stage::Sending { .. } => self.send(hardware),
            Stage::LineCoding if hardware.has_received() => self.take_line_coding(hardware),
            Stage::HostConfirms if hardware.has_received() => {
                hardware.receive(&mut []);
                self.stage = Stage::Idle;
            }
            Stage::BoardConfirms { is_addressed, is_given: false } if hardware.can_send() => {
                hardware.send(core::iter::empty());
                self.stage = Stage::BoardConfirms { is_addressed, is_given: true };
            }
            // The empty packet was taken; only now the board has its new address (9.4.6).
            Stage::BoardConfirms { is_addressed, is_given: true } if hardware.can_send() => {
                if is_addressed {
                    hardware.enable_address();
                }
                self.stage = Stage::Idle;
            }
            Stage::LineCoding | Stage::HostConfirms | Stage::BoardConfirms { .. } => {}
        }
    }

    fn begin(&mut self, setup: Setup, hardware: &mut impl Hardware) -> Result<(), Refused> {
        let Setup { value, index, .. } = setup;
        match (setup.kind, setup.request) {
            request::GET_DESCRIPTOR => {
                let descriptor = Descriptor::of(value).ok_or(Refused)?;
                self.answer(Answer::Descriptor(descriptor), descriptor.length(), setup);
            }
            request::DEVICE_GET_STATUS => self.answer(Answer::Octet(0), 2, setup),
            request::INTERFACE_GET_STATUS => {
                self.interface(index)?;
                self.answer(Answer::Octet(0), 2, setup);
            }
            request::ENDPOINT_GET_STATUS => {
                let endpoint = self.endpoint(index)?;
                let is_halted = endpoint != 0 && hardware.is_halted(endpoint);
                self.answer(Answer::Octet(is_halted.into()), 2, setup);
            }
            request::GET_CONFIGURATION => self.answer(Answer::Octet(self.configuration), 1, setup),
            request::GET_INTERFACE => {
                self.interface(index)?;
                self.answer(Answer::Octet(0), 1, setup);
            }
            request::GET_LINE_CODING => {
                self.port(index)?;
                self.answer(Answer::LineCoding, LINE_CODING_OCTETS as u16, setup);
            }
            request::SET_LINE_CODING if usize::from(setup.length) == LINE_CODING_OCTETS => {
                self.port(index)?;
                self.stage = Stage::LineCoding;
            }
            _ if setup.is_in() || setup.length > 0 => return Err(Refused),
            _ => self.obey(setup, hardware)?,
        }
        Ok(())
    }

    /// A request without data.
    fn obey(&mut self, setup: Setup, hardware: &mut impl Hardware) -> Result<(), Refused> {
        let Setup { value, index, .. } = setup;
        match (setup.kind, setup.request) {
            request::SET_ADDRESS if value < 128 => hardware.set_address(value as u8),
            request::SET_CONFIGURATION if value <= u16::from(CONFIGURATION) => {
                self.configuration = value as u8;
                hardware.configure(self.is_configured());
            }
            request::SET_INTERFACE if value == 0 => self.interface(index)?,
            request @ (request::ENDPOINT_CLEAR_FEATURE | request::ENDPOINT_SET_FEATURE)
                if value == ENDPOINT_HALT =>
            {
                let endpoint = self.endpoint(index)?;
                if endpoint != 0 {
                    hardware.set_halted(endpoint, request == request::ENDPOINT_SET_FEATURE);
                }
            }
            request::SET_CONTROL_LINE_STATE => {
                self.port(index)?;
                self.serial.set_lines(value);
            }
            _ => return Err(Refused),
        }
        let is_addressed = (setup.kind, setup.request) == request::SET_ADDRESS;
        self.stage = Stage::BoardConfirms { is_addressed, is_given: false };
        Ok(())
    }

    /// There is none before the configuration is chosen.
    fn interface(&self, index: u16) -> Result<(), Refused> {
        if self.is_configured() && index < u16::from(INTERFACES) { Ok(()) } else { Err(Refused) }
    }

    /// What the host says of the port it says to the interface of communications (PSTN, 6.3).
    fn port(&self, index: u16) -> Result<(), Refused> {
        self.interface(index)?;
        if index == u16::from(COMMUNICATIONS) { Ok(()) } else { Err(Refused) }
    }

    /// The number of the endpoint with this address (figure 9-2). That of control goes both ways, and before the
    /// configuration is chosen there is no other.
    fn endpoint(&self, index: u16) -> Result<u8, Refused> {
        let [address, 0] = index.to_le_bytes() else { return Err(Refused) };
        let number = address & !TO_HOST;
        if number == 0 || self.is_configured() && ENDPOINTS.contains(&address) {
            Ok(number)
        } else {
            Err(Refused)
        }
    }

    /// No more than the host takes. That less came than it takes must show by a packet that is not full (8.5.3.2).
    fn answer(&mut self, answer: Answer, length: u16, setup: Setup) {
        let end = length.min(setup.length);
        self.stage = Stage::Sending { answer, sent: 0, end, is_short: end < setup.length };
    }

    fn send(&mut self, hardware: &mut impl Hardware) {
        let Stage::Sending { answer, sent, end, is_short } = self.stage else { return };
        if hardware.has_received() {
            // The host has enough.
            hardware.receive(&mut []);
            self.stage = Stage::Idle;
            return;
        }
        if !hardware.can_send() {
            return;
        }
        let count = (end - sent).min(PACKET_OCTETS.into());
        let coding = self.serial.coding();
        hardware.send((sent..sent + count).map(|place| answer.octet(place, coding)));
        let sent = sent + count;
        let is_full = count == u16::from(PACKET_OCTETS);
        self.stage = if sent < end || is_full && is_short {
            Stage::Sending { answer, sent, end, is_short }
        } else {
            Stage::HostConfirms
        };
    }

    fn take_line_coding(&mut self, hardware: &mut impl Hardware) {
        let mut coding = [0; LINE_CODING_OCTETS];
        if hardware.receive(&mut coding) != LINE_CODING_OCTETS {
            self.stage = Stage::Idle;
            return hardware.stall();
        }
        self.serial.set_coding(coding);
        self.stage = Stage::BoardConfirms { is_addressed: false, is_given: false };
    }
}

impl Default for Control {
    fn default() -> Self {
        Self::new()
    }
}

impl Answer {
    fn octet(self, place: u16, coding: [u8; LINE_CODING_OCTETS]) -> u8 {
        match self {
            Self::Descriptor(descriptor) => descriptor.octet(place),
            Self::LineCoding => coding.get(usize::from(place)).copied().unwrap_or(0),
            Self::Octet(octet) if place == 0 => octet,
            Self::Octet(_) => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No descriptor here fills its last packet, but the next one might.
    #[test]
    fn a_full_last_packet_is_followed_by_an_empty_one_if_more_was_asked_for() {
        const TEXT: &str = "Thirty-one characters, no more.";
        assert_eq!(Descriptor::Text(TEXT).length(), 64);
        for (length, expected) in [(64, &[64][..]), (65, &[64, 0]), (255, &[64, 0]), (63, &[63])] {
            let mut control = Control::new();
            let setup = Setup { kind: 0x80, request: 6, value: 0, index: 0, length };
            control.answer(Answer::Descriptor(Descriptor::Text(TEXT)), 64, setup);
            let mut lengths = Lengths::default();
            for _ in 0..4 {
                control.poll(&mut lengths);
            }
            assert_eq!(lengths.0, expected, "{length}");
        }
    }

    #[derive(Default)]
    struct Lengths(std::vec::Vec<usize>);

    impl Hardware for Lengths {
        fn take_setup(&mut self) -> Option<[u8; SETUP_OCTETS]> {
            None
        }
        fn can_send(&mut self) -> bool {
            true
        }
        fn send(&mut self, octets: impl Iterator<Item = u8>) {
            self.0.push(octets.count());
        }
        fn has_received(&mut self) -> bool {
            false
        }
        fn receive(&mut self, _: &mut [u8]) -> usize {
            0
        }
        fn stall(&mut self) {}
        fn set_address(&mut self, _: u8) {}
        fn enable_address(&mut self) {}
        fn configure(&mut self, _: bool) {}
        fn is_halted(&mut self, _: u8) -> bool {
            false
        }
        fn set_halted(&mut self, _: u8, _: bool) {}
    }
}
