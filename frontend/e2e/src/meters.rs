//! The meters of the scenarios: what they say, and with which settings.

use std::time::Duration;

use meterscope_capture::line_settings::{LineSettings, Parity};

use crate::board::Board;
use crate::captures;
use crate::virtual_meter::{Telegram, VirtualMeter};

/// A kind of meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meter {
    /// 2400 8E1, a list of thirteen items in an HDLC frame.
    Kaifa,
    /// 2400 8N1, a list in an HDLC frame.
    Kamstrup,
    /// The same, ciphered: Denmark.
    KamstrupCiphered,
    /// 2400 8E1, a list with scalers and units in an HDLC frame.
    Aidon,
    /// 115200 8N1, a telegram of text.
    P1,
    /// 2400 8E1, a master's request and a heat meter's answer, as both are heard on the bus.
    Heat,
}

impl Meter {
    /// How it sends.
    pub const fn settings(self) -> LineSettings {
        let without_parity = LineSettings { parity: Parity::None, ..LineSettings::MBUS };
        match self {
            Self::Kaifa | Self::Aidon | Self::Heat => LineSettings::MBUS,
            Self::Kamstrup | Self::KamstrupCiphered => without_parity,
            Self::P1 => LineSettings { baud: 115_200, ..without_parity },
        }
    }

    /// The preset of the connect dialog that fits it, by its id without `preset-`.
    pub const fn preset(self) -> &'static str {
        match self {
            Self::Kaifa | Self::Aidon => "han-8e1",
            Self::Kamstrup | Self::KamstrupCiphered => "han-8n1",
            Self::P1 => "p1",
            Self::Heat => "mbus",
        }
    }

    /// What it says the `number`th time; only ciphered telegrams and requests differ from each other.
    pub fn octets(self, number: u32) -> Vec<u8> {
        match self {
            Self::Kaifa => captures::kaifa_list_2(),
            Self::Kamstrup => captures::kamstrup_list_1(),
            Self::KamstrupCiphered => captures::ciphered_message(number),
            Self::Aidon => captures::aidon_list_1(),
            Self::P1 => captures::p1_telegram(),
            Self::Heat => captures::heat_exchange(number),
        }
    }

    /// Wires one to the board. It says the same more often than a real one, but as slowly.
    pub fn start(self, board: &Board) -> VirtualMeter {
        self.start_every(board, Duration::from_millis(300))
    }

    /// The same with another silence between the telegrams.
    pub fn start_every(self, board: &Board, pause: Duration) -> VirtualMeter {
        VirtualMeter::start(board, self.settings(), move |number| {
            Some(Telegram::new(&self.octets(number)).pause(pause))
        })
    }
}
