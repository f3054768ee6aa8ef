//! The folder of devices that the stand-in for libudev announces to Chromium (`stand_in/README.md`).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A USB serial device as the browser knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The name of its terminal: `ttyACM0`.
    pub name: String,
    /// What it calls itself.
    pub product_name: String,
    /// USB vendor.
    pub vendor: u16,
    /// USB product.
    pub product: u16,
    /// Its serial number. With it Chromium keeps the permission over a replug and a restart.
    pub serial_number: String,
}

impl Device {
    /// The board that most people have.
    pub fn arduino_uno(serial_number: &str) -> Self {
        Self {
            name: "ttyACM0".to_owned(),
            product_name: "Uno".to_owned(),
            vendor: 0x2341,
            product: 0x0043,
            serial_number: serial_number.to_owned(),
        }
    }

    /// The permission for it as Chromium keeps it in a profile.
    pub(crate) fn permission(&self) -> Value {
        json!({
            "name": self.product_name,
            "vendor_id": self.vendor,
            "product_id": self.product,
            "serial_number": self.serial_number,
        })
    }
}

/// The folder, which goes with this value.
#[derive(Debug)]
pub struct StandIn {
    folder: TempDir,
}

impl StandIn {
    /// No device is there yet.
    pub fn new() -> io::Result<Self> {
        Ok(Self { folder: tempfile::tempdir()? })
    }

    /// What chromedriver must be started with, for Chromium to see the devices and no others.
    pub fn environment(&self) -> [(&'static str, &Path); 2] {
        [("LD_LIBRARY_PATH", Path::new(env!("STAND_IN_FOLDER"))), ("METERSCOPE_STAND_IN", self.folder.path())]
    }

    /// Says that the device is there now, at the terminal `/dev/pts/…`.
    pub fn announce(&self, device: &Device, terminal: &Path) -> io::Result<()> {
        // A terminal before it may have had the same number.
        match fs::remove_file(self.log_of(terminal)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let properties = format!(
            "DEVNAME={}\nID_BUS=usb\nID_VENDOR_ID={:04x}\nID_MODEL_ID={:04x}\nID_MODEL_ENC={}\nID_SERIAL_SHORT={}\n",
            terminal.display(),
            device.vendor,
            device.product,
            device.product_name.replace(' ', "\\x20"),
            device.serial_number,
        );
        let draft = self.folder.path().join("draft");
        fs::write(&draft, properties)?;
        fs::rename(draft, self.file_of(device))
    }

    /// Says that the device is gone.
    pub fn withdraw(&self, device: &Device) -> io::Result<()> {
        fs::remove_file(self.file_of(device))
    }

    /// What the browser did with the terminal since it was announced, a line for each thing.
    pub fn log(&self, terminal: &Path) -> io::Result<String> {
        match fs::read_to_string(self.log_of(terminal)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            log => log,
        }
    }

    fn file_of(&self, device: &Device) -> PathBuf {
        self.folder.path().join(format!("{}.device", device.name))
    }

    fn log_of(&self, terminal: &Path) -> PathBuf {
        let number = terminal.file_name().unwrap_or_default().display();
        self.folder.path().join(format!("{number}.log"))
    }
}
