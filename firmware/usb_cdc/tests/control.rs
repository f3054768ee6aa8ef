//! The control pipe with hardware that only remembers.

use meterscope_usb_cdc::control::{Control, Hardware};
use meterscope_usb_cdc::setup::SETUP_OCTETS;
use proptest::prelude::*;

/// A control endpoint with one packet each way, and three others.
#[derive(Default)]
struct Wire {
    setup: Option<[u8; SETUP_OCTETS]>,
    from_host: Option<Vec<u8>>,
    to_host: Option<Vec<u8>>,
    is_stalled: bool,
    address: u8,
    is_addressed: bool,
    is_configured: bool,
    halted: [bool; 4],
}

impl Hardware for Wire {
    fn take_setup(&mut self) -> Option<[u8; SETUP_OCTETS]> {
        let setup = self.setup.take()?;
        (self.from_host, self.to_host, self.is_stalled) = (None, None, false);
        Some(setup)
    }

    fn can_send(&mut self) -> bool {
        self.to_host.is_none()
    }

    fn send(&mut self, octets: impl Iterator<Item = u8>) {
        assert!(self.to_host.is_none(), "the packet before has not been taken");
        let packet: Vec<u8> = octets.collect();
        assert!(packet.len() <= 64);
        self.to_host = Some(packet);
    }

    fn has_received(&mut self) -> bool {
        self.from_host.is_some()
    }

    fn receive(&mut self, octets: &mut [u8]) -> usize {
        let packet = self.from_host.take().expect("there is one");
        for (place, octet) in octets.iter_mut().zip(&packet) {
            *place = *octet;
        }
        packet.len()
    }

    fn stall(&mut self) {
        self.is_stalled = true;
    }

    fn set_address(&mut self, address: u8) {
        self.address = address;
    }

    fn enable_address(&mut self) {
        self.is_addressed = true;
    }

    fn configure(&mut self, is_configured: bool) {
        self.is_configured = is_configured;
        self.halted = [false; 4];
    }

    fn is_halted(&mut self, endpoint: u8) -> bool {
        self.halted[usize::from(endpoint)]
    }

    fn set_halted(&mut self, endpoint: u8, is_halted: bool) {
        self.halted[usize::from(endpoint)] = is_halted;
    }
}

#[derive(Default)]
struct Device {
    control: Control,
    wire: Wire,
}

/// Kind, request, value, index, length.
type Request = (u8, u8, u16, u16, u16);

fn octets((kind, request, value, index, length): Request) -> [u8; SETUP_OCTETS] {
    let ([v0, v1], [i0, i1], [l0, l1]) = (value.to_le_bytes(), index.to_le_bytes(), length.to_le_bytes());
    [kind, request, v0, v1, i0, i1, l0, l1]
}

impl Device {
    fn begin(&mut self, request: Request) {
        self.wire.setup = Some(octets(request));
        self.poll();
    }

    fn poll(&mut self) {
        for _ in 0..3 {
            self.control.poll(&mut self.wire);
        }
    }

    /// The packets of a control read; None where it is refused.
    fn read(&mut self, request: Request) -> Option<Vec<Vec<u8>>> {
        self.begin(request);
        let mut packets = Vec::new();
        while !self.wire.is_stalled {
            let packet = self.wire.to_host.take().expect("the device answers");
            self.poll();
            packets.push(packet);
            let is_short = packets.last().is_some_and(|packet| packet.len() < 64);
            if is_short || packets.concat().len() >= usize::from(request.4) {
                self.wire.from_host = Some(vec![]);
                self.poll();
                assert_eq!(self.wire.from_host, None);
                return Some(packets);
            }
        }
        None
    }

    /// A control write; whether it was not refused.
    fn write(&mut self, request: Request, data: &[u8]) -> bool {
        self.begin(request);
        if !data.is_empty() && !self.wire.is_stalled {
            self.wire.from_host = Some(data.to_vec());
            self.poll();
        }
        if self.wire.is_stalled {
            return false;
        }
        assert_eq!(self.wire.to_host.take().as_deref(), Some(&[][..]), "an empty packet confirms");
        self.poll();
        true
    }

    fn configured() -> Self {
        let mut device = Self::default();
        assert!(device.write((0, 9, 1, 0, 0), &[]));
        device
    }
}

#[test]
fn the_address_holds_when_its_request_is_confirmed() {
    let mut device = Device::default();
    device.begin((0, 5, 42, 0, 0));
    assert_eq!((device.wire.address, device.wire.is_addressed), (42, false));
    assert_eq!(device.wire.to_host.take().as_deref(), Some(&[][..]));
    device.poll();
    assert!(device.wire.is_addressed);
    assert!(!device.write((0, 5, 128, 0, 0), &[]), "addresses have seven bits");
}

#[test]
fn a_reset_forgets_everything() {
    let mut device = Device::configured();
    assert!(device.write((0x21, 0x22, 3, 0, 0), &[]));
    assert!(device.control.serial().is_open() && device.control.is_configured());
    device.begin((0x80, 6, 0x0200, 0, 255));
    device.control.reset();
    device.wire = Wire::default();
    device.poll();
    assert_eq!(device.wire.to_host, None);
    assert!(!device.control.serial().is_open() && !device.control.is_configured());
}

#[test]
fn endpoints_are_there_when_configured_and_halt_one_by_one() {
    let mut device = Device::default();
    assert_eq!(device.read((0x82, 0, 0, 0x00, 2)), Some(vec![vec![0, 0]]));
    assert_eq!(device.read((0x82, 0, 0, 0x83, 2)), None);
    let mut device = Device::configured();
    assert!(device.write((0x02, 3, 0, 0x02, 0), &[]));
    assert_eq!(device.wire.halted, [false, false, true, false]);
    assert_eq!(device.read((0x82, 0, 0, 0x02, 2)), Some(vec![vec![1, 0]]));
    assert!(device.write((0x02, 1, 0, 0x02, 0), &[]));
    assert_eq!(device.read((0x82, 0, 0, 0x02, 2)), Some(vec![vec![0, 0]]));
    assert!(!device.write((0x02, 3, 1, 0x02, 0), &[]), "there is one feature");
    assert!(!device.write((0x02, 3, 0, 0x04, 0), &[]), "there are three endpoints");
}

/// An address has a direction, which belongs to it; that of control has both.
#[test]
fn an_endpoint_of_the_other_direction_is_another_one() {
    let mut device = Device::configured();
    for there in [0x00, 0x80, 0x81, 0x02, 0x83] {
        assert_eq!(device.read((0x82, 0, 0, there, 2)), Some(vec![vec![0, 0]]), "{there:02X}");
    }
    for other in [0x01, 0x82, 0x03, 0x04, 0x84, 0x10, 0x0102, 0x8083] {
        assert_eq!(device.read((0x82, 0, 0, other, 2)), None, "{other:02X}");
        assert!(!device.write((0x02, 3, 0, other, 0), &[]), "{other:02X}");
        assert!(!device.write((0x02, 1, 0, other, 0), &[]), "{other:02X}");
    }
    assert_eq!(device.wire.halted, [false; 4]);
}

/// Line coding and control lines are those of the first interface, which is there once the configuration is chosen.
#[test]
fn the_port_is_set_where_it_is() {
    let coding = [0x60, 0x09, 0, 0, 0, 0, 8];
    let asked = |device: &mut Device, index| {
        [
            device.write((0x21, 0x20, 0, index, 7), &coding),
            device.write((0x21, 0x22, 3, index, 0), &[]),
            device.read((0xA1, 0x21, 0, index, 7)).is_some(),
        ]
    };
    let mut device = Device::default();
    let closed = *device.control.serial();
    assert_eq!(asked(&mut device, 0), [false; 3], "before the configuration is chosen");
    assert_eq!(*device.control.serial(), closed);
    let mut device = Device::configured();
    for index in [1, 2, 0x0100, 0xFFFF] {
        assert_eq!(asked(&mut device, index), [false; 3], "{index:04X}");
    }
    assert_eq!(*device.control.serial(), closed);
    assert_eq!(asked(&mut device, 0), [true; 3]);
    assert_eq!((device.control.serial().coding(), device.control.serial().is_open()), (coding, true));
}

#[test]
fn the_configuration_can_be_left_and_chosen_again() {
    let mut device = Device::configured();
    assert!(device.wire.is_configured);
    assert_eq!(device.read((0x80, 8, 0, 0, 1)), Some(vec![vec![1]]));
    assert!(device.write((0, 9, 0, 0, 0), &[]));
    assert!(!device.wire.is_configured);
    assert!(!device.write((0, 9, 2, 0, 0), &[]));
    assert_eq!(device.read((0x80, 8, 0, 0, 1)), Some(vec![vec![0]]));
}

#[test]
fn a_line_coding_of_the_wrong_length_is_refused() {
    let mut device = Device::configured();
    let before = device.control.serial().coding();
    for length in [0, 6, 8] {
        assert!(!device.write((0x21, 0x20, 0, 0, length), &vec![1; length.into()]), "{length}");
    }
    // Fewer octets than were announced.
    assert!(!device.write((0x21, 0x20, 0, 0, 7), &[1; 5]));
    assert_eq!(device.control.serial().coding(), before);
    assert!(device.write((0x21, 0x20, 0, 0, 7), &[1; 7]));
    assert_eq!(device.control.serial().coding(), [1; 7]);
}

#[test]
fn a_host_that_has_enough_says_so_early() {
    let mut device = Device::configured();
    device.begin((0x80, 6, 0x0200, 0, 255));
    device.wire.to_host = None;
    device.wire.from_host = Some(vec![]);
    device.poll();
    // The second packet may have been given before; nothing comes behind it.
    device.wire.to_host = None;
    device.poll();
    assert_eq!(device.wire.to_host, None);
    assert_eq!(device.read((0x80, 0, 0, 0, 2)), Some(vec![vec![0, 0]]));
}

/// What a host and a broken wire may do, one after the other.
#[derive(Clone, Debug)]
enum Step {
    Setup([u8; SETUP_OCTETS]),
    Packet(Vec<u8>),
    Take,
    Poll,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let kind = prop::sample::select(vec![0x00_u8, 0x01, 0x02, 0x21, 0x80, 0x81, 0x82, 0xA1, 0xFF]);
    let request = prop::sample::select(vec![0_u8, 1, 3, 5, 6, 8, 9, 10, 11, 0x20, 0x21, 0x22, 0x23]);
    let value = prop_oneof![0_u16..4, 0x0100_u16..0x0304, any::<u16>()];
    let setup = (kind, request, value, prop_oneof![0_u16..4, any::<u16>()], 0_u16..200);
    let one = prop_oneof![
        setup.prop_map(|request| Step::Setup(octets(request))),
        prop::collection::vec(any::<u8>(), 0..64).prop_map(Step::Packet),
        Just(Step::Take),
        Just(Step::Poll),
    ];
    prop::collection::vec(one, 0..60)
}

proptest! {
    #[test]
    fn whatever_came_the_next_request_is_answered(steps in steps()) {
        let mut device = Device::default();
        for step in steps {
            match step {
                Step::Setup(setup) => device.wire.setup = Some(setup),
                Step::Packet(packet) => device.wire.from_host = Some(packet),
                Step::Take => device.wire.to_host = None,
                Step::Poll => device.control.poll(&mut device.wire),
            }
        }
        prop_assert_eq!(device.read((0x80, 0, 0, 0, 2)), Some(vec![vec![0, 0]]));
        let descriptor = device.read((0x80, 6, 0x0100, 0, 18)).unwrap().concat();
        prop_assert_eq!(descriptor.len(), 18);
    }

    #[test]
    fn what_is_read_has_the_length_that_was_asked_for(length in 0_u16..200) {
        let packets = Device::default().read((0x80, 6, 0x0200, 0, length)).unwrap();
        prop_assert_eq!(packets.concat().len(), usize::from(length.min(67)));
        prop_assert_eq!(packets.len(), if length > 64 { 2 } else { 1 });
    }
}
