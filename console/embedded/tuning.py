"""PostgreSQL's settings for the machine it finds itself on."""

import os
import shutil
from pathlib import Path

MEGABYTE = 1024 * 1024


def memory_bytes() -> int:
    """The machine's memory, or what a container may use of it."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = Path("/sys/fs/cgroup/memory.max")
    if limit.exists() and (value := limit.read_text().strip()).isdigit():
        total = min(total, int(value))
    return total


def lasting(memory: int, cores: int) -> dict[str, str]:
    """For data that must survive anything: a bank's rows, on a machine that other programs use too."""
    return _shared(cores) | {
        "shared_buffers": _megabytes(memory // 4, 128, 4096),
        "effective_cache_size": _megabytes(memory // 2, 256, 65536),
        "work_mem": _megabytes(memory // 256, 8, 96),
        "maintenance_work_mem": _megabytes(memory // 16, 64, 1024),
        "max_wal_size": "8GB",
        "min_wal_size": "256MB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "shared_preload_libraries": "'pg_stat_statements'",
        "track_io_timing": "on",
        "log_min_duration_statement": "1000",
        "log_lock_waits": "on",
        "idle_in_transaction_session_timeout": "10min",
    }


def throwaway(cores: int) -> dict[str, str]:
    """For a server that is deleted afterwards: nothing waits for the disk."""
    return _shared(cores) | {
        "shared_buffers": "256MB",
        "work_mem": "32MB",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "checkpoint_timeout": "1h",
        "max_wal_size": "4GB",
    }


def _shared(cores: int) -> dict[str, str]:
    settings = {
        "listen_addresses": "''",
        "max_connections": "100",
        "jit": "off",
        "random_page_cost": "1.1",
        "effective_io_concurrency": "200",
        "max_parallel_workers_per_gather": str(min(2, cores)),
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "log_line_prefix": "'%m [%p] %q%u@%d '",
    }
    if Path("/dev/shm").is_dir() and shutil.disk_usage("/dev/shm").total < 1024 * MEGABYTE:
        settings["dynamic_shared_memory_type"] = (
            "mmap"  # containers get 64 MB: too little for parallel queries
        )
    return settings


def _megabytes(size: int, least: int, most: int) -> str:
    return f"{max(least, min(most, size // MEGABYTE))}MB"
